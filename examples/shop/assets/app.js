// The shop works without this; it only keeps people from sending an order twice.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', () => {
    for (const button of form.querySelectorAll('button')) {
      button.disabled = true;
    }
  });
}

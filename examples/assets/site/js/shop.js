import { add, pieces } from './basket.js';

const shown = document.querySelector('#basket');

for (const button of document.querySelectorAll('button[data-sku]')) {
  button.addEventListener('click', () => {
    add(button.dataset.sku);
    shown.textContent = `${pieces()} in the basket`;
  });
}

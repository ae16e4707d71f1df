// Not part of any build's own runtime: what the page says of itself once all of it is there.
import { release } from './shared.js';

const root = document.documentElement;
const photo = document.createElement('img');
photo.src = new URL('./photo.svg', import.meta.url).href;
photo.alt = '';
document.body.append(photo);

const styled = () => getComputedStyle(root).getPropertyValue('--release').trim();
const all = async () => {
  await Promise.all([...document.images].map((image) => image.decode()));
  root.dataset.done = `${release} ${styled()}`;
};

// What a visitor asks for later, perhaps after another release.
window.later = async () => {
  const { release: loaded } = await import('./later.js');
  root.dataset.later = `${release} ${loaded}`;
};

if (document.readyState === 'complete') all();
else addEventListener('load', all);

// Files are looked at in a dialog over the page: data-look names it. Without
// script, and with Ctrl, the link leads to a page of its own.
import { open } from './dialog.js';
import { fetchInto } from './htmx.js';

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-look]');
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || !link.pathname.endsWith('/look')) return;
  const dialog = document.getElementById(link.dataset.look);
  if (!dialog) return;
  event.preventDefault();
  dialog.classList.add('dialog-look');
  dialog.querySelector('h2').textContent = link.dataset.name;
  const body = dialog.querySelector('.dialog-body');
  open(dialog, link);
  dialog.addEventListener('close', () => body.replaceChildren(), { once: true });
  fetchInto(link.href, body);
});

// Dialogs: data-opens="id" opens one, data-closes closes the one around it. The
// browser keeps the focus inside and gives it back.

/** open shows a dialog over the page; when it closes, the focus goes back to the opener. */
export function open(dialog, opener = document.activeElement) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.addEventListener('close', () => { if (opener?.isConnected) opener.focus(); }, { once: true });
  dialog.querySelector('[autofocus], .dialog-body :is(input:not([type=hidden]), select, textarea)')?.focus();
  dialog.dispatchEvent(new CustomEvent('k-open', { bubbles: true }));
}

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]');
  if (opener && opener.getAttribute('aria-disabled') !== 'true') {
    const menu = opener.closest('details.menu');
    if (menu) menu.open = false;
    open(document.getElementById(opener.dataset.opens), menu?.querySelector('summary') ?? opener);
    return;
  }
  const closer = event.target.closest('[data-closes]');
  if (closer) closer.closest('dialog')?.close();
});

// A click on the veil closes, unless something typed would be lost.
document.addEventListener('pointerdown', (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.matches('.dialog[open], .palette[open]')) return;
  const box = dialog.getBoundingClientRect();
  const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  const typed = [...dialog.querySelectorAll('input, textarea')].some((e) => e.type !== 'search' && e.value !== e.defaultValue);
  if (outside && !typed) dialog.close();
});

for (const dialog of document.querySelectorAll('dialog[data-open]')) open(dialog);

// A button that may not be pressed does nothing, but can be asked why.
document.addEventListener('click', (event) => {
  if (event.target.closest('[aria-disabled="true"]')) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, { capture: true });

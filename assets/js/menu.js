// Menus are <details>: they open by themselves; this closes them and moves through them.
const opened = () => document.querySelectorAll('details.menu[open]');

document.addEventListener('click', (event) => {
  for (const menu of opened()) {
    const chosen = menu.contains(event.target) && event.target.closest('.menu-item') && event.target.closest('[aria-disabled="true"]') === null;
    if (!menu.contains(event.target) || chosen) menu.open = false;
  }
});

document.addEventListener('toggle', (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.matches('.menu') || !menu.open) return;
  for (const other of opened()) if (other !== menu && !other.contains(menu)) other.open = false;
  keepInSight(menu);
  if (menu.dataset.byKey) menu.querySelector('.menu-item, input, select, textarea')?.focus();
  delete menu.dataset.byKey;
}, { capture: true });

// A menu that would leave the window at one side opens to the other.
function keepInSight(menu) {
  const panel = menu.querySelector('.menu-panel');
  if (menu.closest('.rail')) return;
  const box = panel.getBoundingClientRect();
  if (box.left < 0) menu.classList.add('menu-start');
  if (box.right > innerWidth) menu.classList.remove('menu-start');
  if (box.bottom > innerHeight && box.height < menu.getBoundingClientRect().top) menu.classList.add('menu-up');
}

document.addEventListener('keydown', (event) => {
  const menu = event.target.closest?.('details.menu');
  if (!menu) return;
  const summary = menu.querySelector('summary');
  if (event.target === summary && !menu.open && (event.key === 'ArrowDown' || event.key === 'Enter' || event.key === ' ')) {
    menu.dataset.byKey = '1';
    if (event.key === 'ArrowDown') {
      menu.open = true;
      event.preventDefault();
    }
    return;
  }
  if (!menu.open) return;
  if (event.key === 'Escape') {
    menu.open = false;
    summary.focus();
    event.stopPropagation();
    event.preventDefault();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches('input, select, textarea')) return;
  const items = [...menu.querySelectorAll('.menu-item')];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
  event.preventDefault();
});

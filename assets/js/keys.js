// The keyboard: an element with data-key is clicked by its key. Letters are
// taken by their place on the keyboard, so that they work while it writes
// Cyrillic or Georgian.
import { open } from './dialog.js';
import { here, move } from './rows.js';
import { openPalette } from './palette.js';

const typing = (element) => element?.closest?.('input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable="true"]');

/** letter gives the Latin letter on the pressed key, or what the key writes. */
function letter(event) {
  if (/^Key[A-Z]$/.test(event.code)) return event.code.slice(3).toLowerCase();
  return event.key;
}

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function press(key) {
  const scope = document.querySelector('dialog[open]:modal') ?? document;
  const found = [...scope.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const target = found.find(visible) ?? found.find((e) => e.matches('a[href], summary') || e.closest('details.menu, .rail'));
  if (!target) return false;
  if (target.matches('input, textarea, select')) target.focus();
  else target.click();
  return true;
}

function edit() {
  const place = here() ?? document.querySelector('#drawer[open]') ?? document.querySelector('main');
  const value = place?.querySelector('k-edit .edit-value');
  value?.click();
  return Boolean(value);
}

function openRow() {
  const row = document.querySelector('[data-row].is-here');
  if (!row || document.activeElement?.matches('button, summary, a:not([data-drawer])')) return false;
  row.dispatchEvent(new CustomEvent('k-open-row', { bubbles: true }));
  return true;
}

function select() {
  const box = here()?.querySelector('.row-check');
  box?.click();
  return Boolean(box);
}

const own = {
  j: () => { move(1); return true; },
  k: () => { move(-1); return true; },
  e: edit,
  x: select,
  Enter: openRow,
  '/': () => openPalette(),
  '?': () => { showKeys(); return true; },
};

function showKeys() {
  open(document.getElementById('keys'));
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const control = event.ctrlKey || event.metaKey;
  const key = letter(event);
  if (control && key === 'k') {
    event.preventDefault();
    openPalette();
    return;
  }
  if (control && event.key === 'Enter') {
    const form = event.target.closest?.('form');
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (control || typing(event.target)) return;
  if (event.key === 'Escape' && location.hash === '#menu') location.hash = '#main';
  const mark = event.key === '?' ? '?' : key;
  if (document.querySelector('dialog:modal') && mark !== 'e') return;
  if (press(mark) || own[mark]?.()) event.preventDefault();
});

// The list of keys shows those the page has, after the ones that always work.
document.getElementById('keys')?.addEventListener('k-open', () => {
  const list = document.querySelector('k-keys dl');
  for (const old of list.querySelectorAll('[data-own]')) old.remove();
  const seen = new Set();
  for (const element of document.querySelectorAll('[data-key]')) {
    const label = element.dataset.keyLabel || element.getAttribute('aria-label') || element.textContent.trim();
    if (!label || seen.has(element.dataset.key)) continue;
    seen.add(element.dataset.key);
    const line = document.createElement('div');
    line.dataset.own = '';
    const term = document.createElement('dt');
    term.textContent = label;
    const value = document.createElement('dd');
    const key = document.createElement('kbd');
    key.textContent = element.dataset.key;
    value.append(key);
    line.append(term, value);
    list.append(line);
  }
});

// Mentions: "@" in a text with data-mentions offers colleagues. The text keeps
// the focus; which one is marked, it says by aria-activedescendant.
const wait = 120;
const begun = /(?:^|[\s(,;:])@([\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]*)?)$/u;

let text = null; // the field whose list is open
let list = null;
let from = 0; // where its "@" stands
let timer = 0;
let request = null;
let count = 0;

const options = () => [...(list?.querySelectorAll('[role=option]') ?? [])];
const marked = () => options().find((o) => o.getAttribute('aria-selected') === 'true');

function close() {
  clearTimeout(timer);
  request?.abort();
  for (const name of ['aria-controls', 'aria-activedescendant', 'aria-autocomplete', 'aria-haspopup']) text?.removeAttribute(name);
  list?.remove();
  text = list = null;
}

function show(field) {
  if (text === field) return;
  close();
  text = field;
  list = document.createElement('div');
  list.id = `mentions-${++count}`;
  list.className = 'combo-list mention-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', field.dataset.mentionsLabel);
  list.hidden = true;
  const box = field.parentElement;
  box.classList.add('mention-box');
  list.classList.toggle('mention-up', innerHeight - field.getBoundingClientRect().bottom < 280);
  box.append(list);
  list.addEventListener('pointerdown', (event) => {
    event.preventDefault(); // the text keeps the focus, a phone its keyboard
  });
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (option) take(option);
  });
}

function mark(option) {
  for (const other of options()) other.setAttribute('aria-selected', String(other === option));
  if (!option) {
    text.removeAttribute('aria-activedescendant');
    return;
  }
  option.id ||= `${list.id}-${options().indexOf(option)}`;
  text.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

async function ask(words) {
  request?.abort();
  const asking = request = new AbortController();
  let answer;
  try {
    const response = await fetch(`${text.dataset.mentions}?q=${encodeURIComponent(words)}`, { signal: asking.signal, headers: { 'HX-Request': 'true' } });
    answer = response.ok ? await response.text() : '';
  } catch {
    return;
  }
  if (asking.signal.aborted || !list) return;
  list.innerHTML = answer;
  if (options().length === 0) {
    if (words.includes(' ')) { // a name that is written out, and words after it
      close();
      return;
    }
    const none = document.createElement('div');
    none.className = 'combo-none';
    none.textContent = text.dataset.mentionsNone;
    list.append(none);
  }
  list.hidden = false;
  text.setAttribute('aria-controls', list.id);
  text.setAttribute('aria-autocomplete', 'list');
  text.setAttribute('aria-haspopup', 'listbox');
  mark(options()[0]);
  say(options().length > 0 ? `${text.dataset.mentionsLabel}: ${options().length}. ${text.dataset.mentionsHelp}` : text.dataset.mentionsNone);
}

// What a screen reader is told; it is said once per opening and number.
function say(words) {
  let line = document.getElementById('mention-status');
  if (!line) {
    line = document.createElement('div');
    line.id = 'mention-status';
    line.className = 'sr-only';
    line.setAttribute('role', 'status');
  }
  const place = text.closest('dialog') ?? document.body;
  if (line.parentElement !== place) place.append(line);
  if (line.textContent !== words) line.textContent = words;
}

function take(option) {
  const field = text;
  const after = field.value.slice(field.selectionEnd);
  field.setRangeText(option.dataset.value + (/^\s/.test(after) ? '' : ' '), from, field.selectionEnd, 'end');
  close();
  field.focus();
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('input', (event) => {
  const field = event.target.closest?.('textarea[data-mentions]');
  if (!field || event.isComposing) return;
  const found = field.selectionStart === field.selectionEnd && begun.exec(field.value.slice(0, field.selectionStart));
  if (!found) {
    if (text) close();
    return;
  }
  show(field);
  from = field.selectionStart - found[1].length - 1;
  clearTimeout(timer);
  timer = setTimeout(() => { if (text) ask(found[1]); }, wait);
});

// Before any other listener: Enter and Esc are for the list while it is open.
document.addEventListener('keydown', (event) => {
  if (!text || event.target !== text || !list || list.hidden || event.isComposing) return;
  const all = options();
  const at = all.indexOf(marked());
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length > 0) mark(all[(at + step + all.length) % all.length]);
  else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey || event.key === 'Tab' && !event.shiftKey) && all[at]) take(all[at]);
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

document.addEventListener('focusout', (event) => { if (event.target === text) setTimeout(() => { if (text && document.activeElement !== text) close(); }, 150); });
document.addEventListener('click', (event) => { if (text && event.target === text) close(); });

// Esc in a form with a way back takes it.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  const back = event.target.closest?.('form')?.querySelector('[data-escape]');
  if (!back) return;
  event.preventDefault();
  event.stopPropagation();
  back.click();
});

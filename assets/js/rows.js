// Rows of lists: moving with j and k, choosing several with Shift, the bar for
// what is chosen.
/** rowsOf gives the rows one can move through, in the order of the page. */
export const rowsOf = () => [...document.querySelectorAll('main [data-row]')];

/** here is the row the keyboard stands on. */
export const here = () => document.querySelector('[data-row].is-here') ?? document.activeElement?.closest?.('[data-row]');

/** move goes to the next (1) or the previous (-1) row and shows it. */
export function move(step) {
  const rows = rowsOf();
  if (rows.length === 0) return;
  const at = rows.indexOf(here());
  const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
  for (const other of rows) other.classList.toggle('is-here', other === row);
  row.querySelector('a, button')?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
  if (document.getElementById('drawer')?.open) row.dispatchEvent(new CustomEvent('k-open-row', { bubbles: true }));
}

class Rows extends HTMLElement {
  #last = null;

  connectedCallback() {
    this.addEventListener('click', (event) => {
      const box = event.target.closest('.row-check');
      if (box) this.#extend(box, event.shiftKey);
      if (event.target.closest('[data-bulk-clear]')) this.#set(this.#boxes(), false);
    });
    this.addEventListener('change', (event) => {
      if (event.target.matches('[data-all]')) this.#set(this.#boxes(), event.target.checked);
      this.#count();
    });
    this.#count();
  }

  #boxes() { return [...this.querySelectorAll('.row-check')]; }

  #extend(box, shift) {
    const boxes = this.#boxes();
    if (shift && this.#last?.isConnected) {
      const [a, b] = [boxes.indexOf(this.#last), boxes.indexOf(box)].sort((x, y) => x - y);
      this.#set(boxes.slice(a, b + 1), box.checked);
    }
    this.#last = box;
  }

  #set(boxes, on) {
    for (const box of boxes) box.checked = on;
    this.#count();
  }

  #count() {
    const boxes = this.#boxes();
    const chosen = boxes.filter((box) => box.checked).length;
    const all = this.querySelector('[data-all]');
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const bar = this.querySelector('[data-bulk]');
    if (bar) {
      bar.hidden = chosen === 0;
      bar.querySelector('[data-bulk-count]').textContent = String(chosen);
    }
  }
}

customElements.define('k-rows', Rows);

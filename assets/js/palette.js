// k-palette: the box for search and commands. Results are fetched as a fragment
// while one types; the last question wins.
const wait = 120; // milliseconds after the last letter

/** openPalette opens the box, if the page has one. */
export function openPalette() {
  const palette = document.querySelector('k-palette');
  palette?.open();
  return Boolean(palette);
}

class Palette extends HTMLElement {
  #request = null;
  #timer = 0;

  connectedCallback() {
    this.dialog = this.querySelector('dialog');
    this.input = this.querySelector('input');
    this.results = this.querySelector('[data-results]');
    this.commands = this.querySelector('[data-commands]');
    this.none = this.querySelector('p[data-none]');
    this.spinner = this.querySelector('.spinner');
    this.none.textContent = this.dataset.none;
    for (const item of this.#all()) item.dataset.words = item.textContent.toLowerCase();
    this.input.addEventListener('input', () => this.#typed());
    this.dialog.addEventListener('keydown', (event) => this.#key(event));
    this.dialog.addEventListener('pointermove', (event) => {
      const item = event.target.closest('.palette-item');
      if (item) this.#choose(item);
    });
    this.dialog.addEventListener('click', (event) => {
      if (event.target.closest('.palette-item') && !event.ctrlKey && !event.metaKey) this.dialog.close();
    });
  }

  open() {
    if (this.dialog.open) return;
    const before = document.activeElement;
    this.dialog.showModal();
    this.dialog.addEventListener('close', () => before?.isConnected && before.focus(), { once: true });
    this.input.select();
    this.#typed();
  }

  #all() { return [...this.querySelectorAll('.palette-item')]; }

  #shown() { return this.#all().filter((item) => !item.hidden); }

  #typed() {
    const words = this.input.value.trim().toLowerCase();
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#matchCommands(words);
    if (words === '') {
      this.results.replaceChildren();
      this.spinner.hidden = true;
      this.#choose(this.#shown()[0]);
      this.none.hidden = true;
      return;
    }
    this.#choose(this.#shown()[0]);
    this.#timer = setTimeout(() => this.#ask(this.input.value.trim()), wait);
  }

  #matchCommands(words) {
    for (const item of this.commands.querySelectorAll('.palette-item')) {
      item.hidden = !words.split(/\s+/).every((word) => item.dataset.words.includes(word));
    }
    for (const group of this.commands.querySelectorAll('[role="group"]')) {
      group.hidden = !group.querySelector('.palette-item:not([hidden])');
    }
  }

  async #ask(words) {
    const request = new AbortController();
    this.#request = request;
    this.spinner.hidden = false;
    try {
      const url = new URL(this.dataset.search, location.href);
      url.searchParams.set('q', words);
      const response = await fetch(url, { signal: request.signal, headers: { 'HX-Request': 'true', 'HX-Target': 'div#palette-list' } });
      const text = await response.text();
      if (request.signal.aborted) return;
      this.results.innerHTML = response.ok ? text : '';
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.results.replaceChildren();
    }
    this.spinner.hidden = true;
    const shown = this.#shown();
    this.none.hidden = shown.length > 0;
    this.#choose(shown[0]);
  }

  #choose(item) {
    for (const other of this.#all()) other.setAttribute('aria-selected', String(other === item));
    if (!item) {
      this.input.removeAttribute('aria-activedescendant');
      return;
    }
    item.id ||= `palette-${Math.random().toString(36).slice(2, 9)}`;
    this.input.setAttribute('aria-activedescendant', item.id);
    item.scrollIntoView({ block: 'nearest' });
  }

  #key(event) {
    const shown = this.#shown();
    const at = shown.findIndex((item) => item.getAttribute('aria-selected') === 'true');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.#choose(shown[(at + step + shown.length) % shown.length]);
    } else if (event.key === 'Escape') {
      event.preventDefault(); // a search input would only empty itself
      event.stopPropagation();
      this.dialog.close();
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      if (!shown[at]) return;
      if (event.ctrlKey || event.metaKey) window.open(shown[at].href, '_blank', 'noopener');
      else shown[at].click();
    }
  }
}

customElements.define('k-palette', Palette);
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-palette]')) openPalette();
});

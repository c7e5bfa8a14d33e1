// k-combo: an input that offers choices, from the page or from the server.
const wait = 150;

class Combo extends HTMLElement {
  #timer = 0;
  #request = null;

  connectedCallback() {
    this.hiddenInput = this.querySelector('input[type=hidden]');
    this.input = this.querySelector('[role=combobox]');
    this.list = this.querySelector('[role=listbox]');
    this.chosenText = this.input.value;
    this.chosen = this.hiddenInput.value;
    this.input.addEventListener('input', () => this.#typed());
    this.input.addEventListener('focus', () => { if (!this.dataset.source) this.input.select(); });
    this.input.addEventListener('click', () => this.#show());
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('focusout', (event) => { if (!this.contains(event.relatedTarget)) this.#leave(); });
    this.list.addEventListener('pointerdown', (event) => {
      const option = event.target.closest('[role=option]');
      event.preventDefault();
      if (option) this.#take(option);
    });
  }

  #options() { return [...this.list.querySelectorAll('[role=option]:not([hidden])')]; }

  #show() {
    if (this.input.readOnly) return;
    if (this.dataset.source && this.list.childElementCount === 0) this.#ask();
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
  }

  #hide() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  #typed() {
    this.hiddenInput.value = '';
    this.#show();
    clearTimeout(this.#timer);
    if (this.dataset.source) {
      this.#mark(null); // what is shown answers other words
      this.#timer = setTimeout(() => this.#ask(), wait);
      return;
    }
    const words = this.input.value.trim().toLowerCase();
    for (const option of this.list.querySelectorAll('[role=option]')) option.hidden = !option.textContent.toLowerCase().includes(words);
    this.#none();
    this.#mark(this.#options()[0]);
  }

  async #ask() {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    try {
      const url = new URL(this.dataset.source, location.href);
      url.searchParams.set('q', this.input.value === this.chosenText ? '' : this.input.value);
      const response = await fetch(url, { signal: request.signal, headers: { 'HX-Request': 'true' } });
      const text = await response.text();
      if (request.signal.aborted) return;
      this.list.innerHTML = response.ok ? text : '';
    } catch {
      return;
    }
    this.#none();
    this.#mark(this.#options()[0]);
  }

  #none() {
    this.list.querySelector('.combo-none')?.remove();
    if (this.#options().length > 0) return;
    const none = document.createElement('div');
    none.className = 'combo-none';
    none.textContent = this.dataset.none;
    this.list.append(none);
  }

  #mark(option) {
    for (const other of this.list.querySelectorAll('[role=option]')) other.setAttribute('aria-selected', String(other === option));
    if (!option) return;
    option.id ||= `${this.list.id}-${Math.random().toString(36).slice(2, 8)}`;
    this.input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }

  #take(option) {
    this.chosen = option.dataset.value;
    this.hiddenInput.value = this.chosen;
    this.input.value = (option.querySelector('span') ?? option).textContent.trim();
    this.chosenText = this.input.value;
    this.#hide();
    this.hiddenInput.dispatchEvent(new Event('change', { bubbles: true }));
  }

  // Leaving with words that are exactly one choice takes it; words that are
  // none go back to what was chosen, and no words mean none.
  #leave() {
    if (this.hiddenInput.value === '' && this.input.value.trim() !== '') {
      const words = this.input.value.trim().toLowerCase();
      const same = [...this.list.querySelectorAll('[role=option]')].find((o) => (o.querySelector('span') ?? o).textContent.trim().toLowerCase() === words);
      if (same) this.#take(same);
      else if (this.chosen) this.#goBack();
    }
    if (this.input.value.trim() === '') [this.chosen, this.chosenText] = ['', ''];
    this.#hide();
  }

  #goBack() {
    this.hiddenInput.value = this.chosen;
    this.input.value = this.chosenText;
  }

  #key(event) {
    const options = this.#options();
    const at = options.findIndex((o) => o.getAttribute('aria-selected') === 'true');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) this.#show();
      else this.#mark(options[(at + step + options.length) % options.length]);
    } else if (event.key === 'Enter' && !this.list.hidden && options[at] && !event.ctrlKey) {
      event.preventDefault();
      this.#take(options[at]);
    } else if (event.key === 'Enter' && this.hiddenInput.value === '' && this.input.value.trim() !== '') {
      event.preventDefault(); // words that are no choice yet
    } else if (event.key === 'Escape' && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.#hide();
    }
  }
}

customElements.define('k-combo', Combo);

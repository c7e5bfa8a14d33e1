// k-draft: keeps what is typed into a form on this device until the server has
// taken it, through errors, sign-out and a lost connection.
const prefix = 'kartoteka-draft:';
const sentMark = 'kartoteka-sent';
const keepFor = 14 * 24 * 3600 * 1000; // two weeks

const person = () => document.body.dataset.person ?? '';

class Draft extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.form = this.querySelector('form') ?? this.closest('form');
    if (!this.form) return;
    this.key = `${prefix}${person()}:${this.dataset.keyName}`;
    this.line = this.querySelector('.draft-line');
    this.original = this.#read();
    this.#restore();
    this.form.addEventListener('input', () => { clearTimeout(this.#timer); this.#timer = setTimeout(() => this.#keep(), 250); });
    this.form.addEventListener('change', () => this.#keep());
    // What a script sends is answered below; only what leaves the page is judged by the next one.
    this.form.addEventListener('submit', () => { this.#keep(); if (!this.form.hasAttribute('hx-post')) sessionStorage.setItem(sentMark, this.key); });
    this.form.addEventListener('htmx:after:request', (event) => this.#answered(event.detail.ctx.response));
    this.querySelector('[data-discard]')?.addEventListener('click', () => this.#discard());
  }

  disconnectedCallback() { clearTimeout(this.#timer); }

  #answered(response) {
    sessionStorage.removeItem(sentMark);
    clearTimeout(this.#timer);
    if (response && response.status < 400 && !new URL(response.raw.url).pathname.startsWith('/sign-in')) this.clear();
  }

  clear() {
    localStorage.removeItem(this.key);
    this.line.hidden = true;
    this.original = this.#read();
  }

  // Passwords and files are never kept.
  #inputs() {
    return [...this.form.elements].filter((e) => e.name && !['password', 'file', 'submit', 'button'].includes(e.type) && (e.type !== 'hidden' || e.closest('k-combo')) && !e.closest('[data-no-draft]'));
  }

  #read() {
    return this.#inputs().map((e) => [e.name, e.matches('[type=checkbox], [type=radio]') ? [e.value, e.checked] : e.matches('select[multiple]') ? [...e.selectedOptions].map((o) => o.value) : e.value]);
  }

  #keep() {
    const now = this.#read();
    if (JSON.stringify(now) === JSON.stringify(this.original)) {
      localStorage.removeItem(this.key);
      return;
    }
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields: now }));
    } catch {
      // the device has no room left: nothing is lost but the safety net
    }
  }

  #restore() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.key) ?? 'null');
    } catch {
      kept = null;
    }
    if (!kept || Date.now() - kept.at > keepFor) {
      localStorage.removeItem(this.key);
      return;
    }
    const left = [...kept.fields];
    let changed = false;
    for (const input of this.#inputs()) {
      const box = input.matches('[type=checkbox], [type=radio]');
      const index = left.findIndex(([name, value]) => name === input.name && (!box || value[0] === input.value));
      if (index < 0) continue;
      const [, value] = left.splice(index, 1)[0];
      changed = this.#write(input, value) || changed;
    }
    if (changed && !('failed' in this.dataset)) this.line.hidden = false;
  }

  #write(input, value) {
    if (input.matches('[type=checkbox], [type=radio]')) {
      const differs = input.checked !== value[1];
      input.checked = value[1];
      return differs;
    }
    if (Array.isArray(value)) {
      for (const option of input.options) option.selected = value.includes(option.value);
      return false;
    }
    const differs = input.value !== value;
    input.value = value;
    return differs;
  }

  #discard() {
    localStorage.removeItem(this.key);
    this.form.reset();
    this.line.hidden = true;
    this.#inputs()[0]?.focus();
  }
}

// A form sent as a whole page was taken if the next page neither failed nor
// asks to sign in.
const sent = sessionStorage.getItem(sentMark);
if (sent && person() !== '' && !('failed' in document.body.dataset) && !document.querySelector('k-draft[data-failed]')) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem(sentMark);
}

customElements.define('k-draft', Draft);

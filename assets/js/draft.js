// k-draft: keeps what is typed into a form on this device until the server has
// taken it, through errors, sign-out and a lost connection.
const prefix = 'kartoteka-draft:';
const sentMark = 'kartoteka-sent';
const taken = 'kartoteka-taken'; // the cookie that brings a form's word back
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
    this.form.addEventListener('submit', () => { this.#keep(); if (!this.form.hasAttribute('hx-post')) this.#send(); });
    this.form.addEventListener('htmx:after:request', (event) => { if (event.target === this.form) this.#answered(event.detail.ctx.response); });
    this.querySelector('[data-discard]')?.addEventListener('click', () => this.#discard());
  }

  disconnectedCallback() { clearTimeout(this.#timer); }

  #answered(response) {
    clearTimeout(this.#timer);
    if (response && response.status < 400 && !new URL(response.raw.url).pathname.startsWith('/sign-in')) this.clear();
  }

  // The server gives the word back when it has taken what was sent.
  #send() {
    const word = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, '0')).join('');
    let input = this.form.querySelector(':scope > [name=draft-sent]');
    if (!input) {
      input = document.createElement('input');
      input.type = 'hidden';
      input.name = 'draft-sent';
      this.form.append(input);
    }
    input.value = word;
    sessionStorage.setItem(sentMark, `${word} ${this.key}`);
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

// A form sent as a whole page was taken if the server gave its word back; no
// answer, an error or a sign-in page in between keeps the draft.
const [, word, key] = sessionStorage.getItem(sentMark)?.match(/^([0-9a-f]{32}) (.+)$/) ?? [];
if (key && document.cookie.split('; ').includes(`${taken}=${word}`)) {
  localStorage.removeItem(key);
  sessionStorage.removeItem(sentMark);
  document.cookie = `${taken}=; path=/; max-age=0`;
}

customElements.define('k-draft', Draft);

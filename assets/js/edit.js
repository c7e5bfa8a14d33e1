// k-edit: a value that becomes an input where it stands, and saves itself.
import { enliven, triggers } from './htmx.js';
import { toast } from './toasts.js';

class Edit extends HTMLElement {
  connectedCallback() {
    this.value = this.querySelector('.edit-value');
    this.state = this.querySelector('.edit-state');
    this.value.addEventListener('click', () => this.#open());
  }

  #open() {
    if (this.form) return;
    this.#say('', '');
    this.form = this.querySelector('template').content.firstElementChild.cloneNode(true);
    this.value.hidden = true;
    this.value.after(this.form);
    enliven(this.form);
    this.input = this.form.querySelector('input:not([type=hidden]), select, textarea');
    this.input.focus();
    this.input.select?.();
    this.before = this.#written();
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.#save(); });
    this.form.addEventListener('keydown', (event) => this.#key(event));
    this.form.addEventListener('focusout', (event) => {
      if (!this.form?.contains(event.relatedTarget)) this.#save();
    });
    // Pressing on a label must not look like leaving the form.
    this.form.addEventListener('mousedown', (event) => { if (event.target.closest('label') && !event.target.closest('input')) event.preventDefault(); });
    // One choice is made at once; of several ticks only the last is known.
    const ticks = this.form.querySelectorAll('[type=checkbox]').length > 1;
    this.form.addEventListener('change', (event) => {
      if (!ticks && event.target.matches('select, [type=checkbox], [type=radio], k-combo > [type=hidden]')) this.#save();
    });
  }

  #written() { return new URLSearchParams(new FormData(this.form)).toString(); }

  #key(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      this.value.focus();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      this.#save(true);
    }
  }

  #close() {
    const form = this.form;
    this.form = null; // first: removing the form takes the focus from it
    this.refused = null;
    form.remove();
    this.value.hidden = false;
  }

  #say(state, text) {
    this.state.dataset.state = state;
    this.state.textContent = text;
  }

  async #save(byKey = false) {
    if (!this.form || this.saving) return;
    const body = this.#written();
    if (body === this.before) {
      this.#close();
      this.#say('', '');
      if (byKey) this.value.focus();
      return;
    }
    if (body === this.refused && !byKey) return; // it has been said why
    this.saving = true;
    const slow = setTimeout(() => this.#say('saving', this.dataset.saving), 150);
    try {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'HX-Request': 'true' };
      if (this.dataset.version) headers['If-Match'] = this.dataset.version;
      const response = await fetch(this.dataset.save, { method: 'PATCH', headers, body });
      const text = await response.text();
      clearTimeout(slow);
      triggers(response, this);
      if (response.ok) this.#saved(text, byKey);
      else this.#refused(text, response, body);
    } catch {
      clearTimeout(slow);
      this.#say('error', this.dataset.failed);
      this.#stay();
    } finally {
      this.saving = false;
    }
  }

  #saved(text, byKey) {
    const shown = this.#shown();
    this.#close();
    if (text.trim() === '') {
      this.value.textContent = shown;
      this.#finish(this, byKey);
      return;
    }
    const fresh = document.createRange().createContextualFragment(text).firstElementChild;
    if (!fresh) return;
    this.replaceWith(fresh);
    enliven(fresh);
    if (fresh instanceof Edit) this.#finish(fresh, byKey);
  }

  #finish(edit, byKey) {
    edit.#say('saved', edit.dataset.saved);
    setTimeout(() => { if (edit.state.dataset.state === 'saved') edit.#say('', ''); }, 1800);
    if (byKey) edit.value.focus();
  }

  // Who has gone on to another field is not called back from it.
  #stay() {
    const now = document.activeElement;
    if (!now || now === document.body || this.contains(now)) this.input.focus();
  }

  #refused(text, response, body) {
    this.refused = body;
    // After a conflict, Enter means: mine, knowing theirs.
    const newer = response.headers.get('X-Field-Version');
    if (newer) this.dataset.version = newer;
    const plain = /^\s*</.test(text) ? new DOMParser().parseFromString(text, 'text/html').querySelector('.field-error, p')?.textContent : text;
    const message = (plain ?? '').trim() || this.dataset.failed;
    this.#say('error', message.length < 200 ? message : this.dataset.failed);
    this.input.setAttribute('aria-invalid', 'true');
    this.#stay();
    if (response.status >= 500) toast({ text: this.dataset.failed, bad: true });
  }

  // What the chosen value is called, when the server does not say it.
  #shown() {
    if (this.input.matches('select')) return this.input.selectedOptions[0]?.textContent ?? '';
    return this.input.value;
  }
}

customElements.define('k-edit', Edit);

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
    if (this.input.matches('select, [type=checkbox], [type=radio]')) this.form.addEventListener('change', () => this.#save());
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
      else this.#refused(text, response);
    } catch {
      clearTimeout(slow);
      this.#say('error', this.dataset.failed);
      this.input.focus();
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

  #refused(text, response) {
    const plain = /^\s*</.test(text) ? new DOMParser().parseFromString(text, 'text/html').querySelector('.field-error, p')?.textContent : text;
    const message = (plain ?? '').trim() || this.dataset.failed;
    this.#say('error', message.length < 200 ? message : this.dataset.failed);
    this.input.setAttribute('aria-invalid', 'true');
    this.input.focus();
    if (response.status >= 500) toast({ text: this.dataset.failed, bad: true });
  }

  // What the chosen value is called, when the server does not say it.
  #shown() {
    if (this.input.matches('select')) return this.input.selectedOptions[0]?.textContent ?? '';
    return this.input.value;
  }
}

customElements.define('k-edit', Edit);

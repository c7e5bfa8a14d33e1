// Small things: copy, theme, file drop, forms that send themselves, what is
// fetched when it is unfolded.
import { fetchInto } from './htmx.js';

class Copy extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', async () => {
      const label = this.querySelector('button > span:last-child');
      const before = this.before ??= label.textContent;
      const from = document.getElementById(this.dataset.from);
      const text = from?.value ?? from?.textContent ?? this.dataset.text ?? '';
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        // no permission, or no secure connection: select it, so that Ctrl+C works
        if (from) getSelection().selectAllChildren(from);
        return;
      }
      label.textContent = this.dataset.done;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { label.textContent = before; }, 2000);
    });
  }
}
customElements.define('k-copy', Copy);

class Theme extends HTMLElement {
  connectedCallback() {
    this.addEventListener('change', (event) => {
      document.documentElement.dataset.theme = event.target.value;
      const form = this.querySelector('form');
      fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'HX-Request': 'true' } }).catch(() => {});
    });
  }
}
customElements.define('k-theme', Theme);

class Drop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input[type=file]');
    const names = this.querySelector('.drop-names');
    input.addEventListener('change', () => { names.textContent = [...input.files].map((f) => f.name).join(', '); });
    for (const name of ['dragenter', 'dragover']) this.addEventListener(name, () => { this.dataset.over = ''; });
    for (const name of ['dragleave', 'drop']) this.addEventListener(name, () => { delete this.dataset.over; });
  }
}
customElements.define('k-drop', Drop);

document.addEventListener('change', (event) => {
  const sender = event.target.closest('[data-submit]');
  if (sender) sender.form?.requestSubmit();
});

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-again]')) location.reload();
});

// What is unfolded for the first time is fetched then; the link in it stays if
// that fails.
document.addEventListener('toggle', (event) => {
  const details = event.target;
  if (!details.open || !details.dataset?.fetch) return;
  fetchInto(details.dataset.fetch, details.querySelector(':scope > div'));
  delete details.dataset.fetch;
}, { capture: true });

// k-toasts: messages at the foot of the page, with the way to undo what was done.
const usual = 7000; // milliseconds a message stays; with an undo button longer
const withUndo = 12000;

const region = () => document.querySelector('k-toasts');

/** words gives one of the texts the region carries: "undo", "close", "lost", "failed". */
export const words = (name) => region()?.dataset[name] ?? '';

/** toast shows {text, bad, undoUrl, undoText}. */
export function toast(message) {
  region()?.show(message);
}

class Toasts extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', (event) => {
      const close = event.target.closest('button[data-close]'); // the region has the word for it
      if (close) close.closest('.toast')?.remove();
    });
    this.addEventListener('htmx:after:request', (event) => event.target.closest('.toast')?.remove());
    for (const shown of this.querySelectorAll(':scope > .toast')) this.leaveLater(shown);
  }

  show(message) {
    if ([...this.querySelectorAll('.toast-text')].some((e) => e.textContent === message.text && message.bad)) return;
    const made = this.querySelector('template[data-toast]').content.firstElementChild.cloneNode(true);
    made.querySelector('.toast-text').textContent = message.text;
    if (message.bad) {
      made.classList.add('toast-bad');
      made.dataset.stay = '';
      const use = made.querySelector('.icon use');
      use.setAttribute('href', use.getAttribute('href').replace(/#.*/, '#circle-alert'));
    }
    if (message.undoUrl?.startsWith('/')) made.querySelector('.toast-text').after(this.undoForm(message));
    this.append(made);
    window.htmx.process(made);
    this.leaveLater(made);
    while (this.querySelectorAll(':scope > .toast').length > 4) this.querySelector(':scope > .toast').remove();
  }

  undoForm(message) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = message.undoUrl;
    form.setAttribute('hx-post', message.undoUrl);
    form.setAttribute('hx-swap', 'none');
    const button = document.createElement('button');
    button.className = 'btn btn-small';
    button.textContent = message.undoText || this.dataset.undo;
    form.append(button);
    return form;
  }

  // A message waits while it is pointed at or focused, so that nobody must hurry.
  leaveLater(shown) {
    if ('stay' in shown.dataset) return;
    const time = shown.querySelector('form') ? withUndo : usual;
    let timer = setTimeout(() => shown.remove(), time);
    const wait = () => clearTimeout(timer);
    const goOn = () => { clearTimeout(timer); timer = setTimeout(() => shown.remove(), 3000); };
    shown.addEventListener('pointerenter', wait);
    shown.addEventListener('focusin', wait);
    shown.addEventListener('pointerleave', goOn);
    shown.addEventListener('focusout', goOn);
  }
}

customElements.define('k-toasts', Toasts);
document.addEventListener('k-toast', (event) => {
  for (const message of event.detail.toasts ?? [event.detail]) toast(message);
});

// k-endless: the link to the next page follows itself when it comes into sight.
import { enliven } from './htmx.js';

class Endless extends HTMLElement {
  connectedCallback() {
    this.observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#more();
    }, { rootMargin: '600px' });
    this.observer.observe(this);
    this.addEventListener('click', (event) => {
      if (!event.target.closest('a') || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#more();
    });
  }

  disconnectedCallback() { this.observer.disconnect(); }

  async #more() {
    if (this.busy) return;
    this.busy = true;
    const link = this.querySelector('a');
    link.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(link.href, { headers: { 'HX-Request': 'true', 'HX-Target': `table#${this.dataset.into}` } });
      if (!response.ok) throw new Error(String(response.status));
      this.#take(new DOMParser().parseFromString(await response.text(), 'text/html'));
    } catch {
      // the link stays: a click tries again
      link.removeAttribute('aria-busy');
      this.observer.disconnect();
      this.busy = false;
    }
  }

  #take(page) {
    const id = CSS.escape(this.dataset.into);
    const into = document.querySelector(`#${id} tbody, #${id}[data-list]`);
    const from = page.querySelector(`#${id} tbody, #${id}[data-list]`);
    const next = page.querySelector(`k-endless[data-into="${id}"]`);
    for (const row of [...from.children]) {
      into.append(row);
      enliven(row);
    }
    if (next) this.replaceWith(next);
    else this.remove();
    into.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

customElements.define('k-endless', Endless);

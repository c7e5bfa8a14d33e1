// The offline page, and the service worker that brings it.
class Offline extends HTMLElement {
  connectedCallback() {
    this.#help();
    this.timer = setInterval(() => this.#look(), 5000);
    window.addEventListener('online', () => this.#look());
  }

  disconnectedCallback() { clearInterval(this.timer); }

  // The worker answers with what the server said last.
  async #help() {
    try {
      const status = await (await fetch(this.dataset.status)).json();
      if (!status.userMessage || (status.validUntil && new Date(status.validUntil) < new Date())) return;
      this.querySelector('[data-help-text]').textContent = status.userMessage;
      const link = this.querySelector('[data-help-link]');
      if (/^(https?|mailto|tel):/.test(status.helpUrl ?? '')) {
        link.href = status.helpUrl;
        link.textContent = status.helpUrl;
        link.hidden = false;
      }
      this.querySelector('[data-help]').hidden = false;
    } catch {
      // nothing was ever said: the page's own words must do
    }
  }

  async #look() {
    try {
      const response = await fetch('/healthz', { cache: 'no-store' });
      if (response.ok && location.pathname !== '/offline') location.reload();
      else if (response.ok) location.replace('/');
    } catch {
      // not yet
    }
  }
}

customElements.define('k-offline', Offline);

if ('serviceWorker' in navigator && window.isSecureContext) {
  window.addEventListener('load', () => { navigator.serviceWorker.register('/sw.js').catch(() => {}); });
}

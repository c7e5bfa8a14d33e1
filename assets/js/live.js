// k-live: news from the server. One tab of the browser holds the stream and
// tells the others, so that many tabs cost one connection.
import { fetchInto } from './htmx.js';
import { merge } from './merge.js';

const channelName = 'kartoteka-live';

class Live extends HTMLElement {
  connectedCallback() {
    this.last = Number(new URL(this.getAttribute('src'), location.href).searchParams.get('after') ?? 0);
    this.channel = new BroadcastChannel(channelName);
    this.channel.addEventListener('message', (event) => this.#told(event.data));
    this.stop = new AbortController();
    // Whoever holds the lock listens; when that tab closes, the next one does.
    navigator.locks?.request(channelName, { signal: this.stop.signal }, () => this.#listen()).catch(() => {});
    if (!navigator.locks) this.#listen();
  }

  disconnectedCallback() {
    this.stop.abort();
    this.source?.close();
    this.channel.close();
  }

  #listen() {
    return new Promise((done) => {
      this.stop.signal.addEventListener('abort', done);
      const open = () => {
        const url = new URL(this.getAttribute('src'), location.href);
        if (this.last) url.searchParams.set('after', String(this.last));
        const source = new EventSource(url);
        this.source = source;
        const pass = (event) => this.#spread({ news: JSON.parse(event.data), id: Number(event.lastEventId) || 0 });
        source.addEventListener('open', () => this.#spread({ state: 'on' }));
        source.addEventListener('message', pass);
        source.addEventListener('journal', pass);
        source.addEventListener('reload', () => this.#spread({ all: true }));
        source.addEventListener('error', () => {
          this.#spread({ state: 'lost' });
          // A stream the server refused is not opened again by the browser.
          if (source.readyState === EventSource.CLOSED && !this.stop.signal.aborted) setTimeout(open, 15000);
        });
      };
      open();
    });
  }

  #spread(message) {
    this.channel.postMessage(message);
    this.#told(message);
  }

  #told(message) {
    if (message.state) this.#state(message.state);
    if (message.id > this.last) this.last = message.id;
    if (message.news) this.#news(message.news);
    if (message.all) refresh(() => true, {});
  }

  // A short gap is nobody's business; one of five seconds is said.
  #state(state) {
    clearTimeout(this.timer);
    if (state === 'on') this.dataset.state = 'on';
    else this.timer = setTimeout(() => { this.dataset.state = 'lost'; }, 5000);
  }

  #news(news) {
    const subjects = new Set(news.subjects ?? []);
    if (news.subjectType) subjects.add(`${news.subjectType}:${news.subject}`);
    else if (news.subject) subjects.add(String(news.subject));
    if (news.customer) subjects.add(`customer:${news.customer}`);
    refresh((subject) => subjects.has(subject) || subjects.has(subject.replace(/:.*/, ':*')) || (subject.endsWith(':*') && [...subjects].some((s) => s.startsWith(subject.slice(0, -1)))), news);
  }
}

const pending = new WeakMap();

// Elements are fetched at most every 400 ms, and never while someone types in them.
function refresh(matches, news) {
  for (const element of document.querySelectorAll('[data-live]')) {
    if (!element.dataset.live.split(/\s+/).some(matches)) continue;
    if (!element.dataset.liveUrl) {
      element.dispatchEvent(new CustomEvent('k-live', { bubbles: true, detail: news }));
      continue;
    }
    clearTimeout(pending.get(element));
    pending.set(element, setTimeout(() => renew(element), 400));
  }
}

function renew(element) {
  if (!element.isConnected) return;
  if (element.matches('[data-live-merge]')) {
    merge(element);
    return;
  }
  const busy = element.contains(document.activeElement) && document.activeElement.matches('input:not([type=checkbox]), textarea, select');
  if (busy || element.querySelector('k-edit form, details.menu[open]')) {
    pending.set(element, setTimeout(() => renew(element), 2000));
    return;
  }
  fetchInto(element.dataset.liveUrl, element, 'outerHTML', element);
}

customElements.define('k-live', Live);

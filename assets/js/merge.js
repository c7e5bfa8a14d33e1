// Lists that stay as far unfolded as the reader has them when news comes: what
// is open, being written in, or further down than is fetched stays in place.
import { enliven } from './htmx.js';

const most = 200; // how many items the server gives at once

/** merge fetches a list (data-live-url) anew, as long as it is shown, and works the news into it. */
export async function merge(element) {
  const list = element.querySelector('[data-list]');
  const shown = list.querySelectorAll(':scope > [id]').length;
  const url = new URL(element.dataset.liveUrl, location.href);
  url.searchParams.set('open', String(Math.min(shown, most)));
  let page;
  try {
    const response = await fetch(url, { headers: { 'HX-Request': 'true' } });
    if (!response.ok) return;
    page = new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    return; // the next news tries again
  }
  const from = page.querySelector('[data-list]');
  if (!from || !element.isConnected) return;
  const rest = weave(list, from);
  if (!rest) after(element, page);
}

const pressed = 'a, button, summary';
const kept = (item) => item.matches('[data-kept]') || item.contains(document.activeElement) && !document.activeElement.matches(pressed);

// follow gives a fresh item what the reader did to the old one: what is
// unfolded, and where the focus is.
function follow(old, fresh) {
  const details = fresh.querySelectorAll('details');
  old.querySelectorAll('details').forEach((one, i) => { if (one.open && details[i]) details[i].open = true; });
  const at = [...old.querySelectorAll(pressed)].indexOf(document.activeElement);
  if (at >= 0) fresh.querySelectorAll(pressed)[at]?.focus({ preventScroll: true });
}

// weave puts the fresh items into the list without moving those that are kept,
// and tells whether older ones than were fetched stay below them.
function weave(list, from) {
  const last = from.querySelector(':scope > [id]:last-of-type');
  const seam = last && list.querySelector(`:scope > #${CSS.escape(last.id)}`);
  const older = Boolean(seam) && from.querySelectorAll(':scope > [id]').length >= most;
  const end = older ? seam.nextSibling : null;
  let at = list.firstChild;
  for (const fresh of [...from.children]) {
    const old = fresh.id && list.querySelector(`:scope > #${CSS.escape(fresh.id)}`);
    if (old && (kept(old) || old.isEqualNode(fresh))) {
      if (at && !(old.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)) {
        while (at && at !== old) at = drop(at);
        at = old.nextSibling;
      }
      continue;
    }
    list.insertBefore(fresh, at);
    enliven(fresh);
    if (old) follow(old, fresh);
  }
  while (at && at !== end) at = drop(at);
  return older;
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// after renews what stands around the list: the word that there is nothing, and
// the way to the next page.
function after(element, page) {
  const fresh = page.querySelector('[data-live]');
  for (const old of [...element.children]) if (!old.matches('[data-list]')) old.remove();
  const list = element.querySelector('[data-list]');
  let before = true;
  for (const node of [...fresh.children]) {
    if (node.matches('[data-list]')) before = false;
    else if (before) element.insertBefore(node, list);
    else element.append(node);
  }
}

// htmx, and what we add to it: failures that are no fragment become a message.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { toast, words } from './toasts.js';

window.htmx = htmx;

/** fetchInto fetches a page or a fragment and puts it into the target element. */
export const fetchInto = (url, target, swap = 'innerHTML', source = undefined) => htmx.ajax('GET', url, { target, swap, source });

/** enliven lets htmx see elements that another script has put into the page. */
export const enliven = (element) => htmx.process(element);

const isDocument = (text) => /^\s*(<!doctype|<html)/i.test(text);

// A page of an error (a crash, a proxy's own) must not land inside a part of a page.
document.addEventListener('htmx:before:swap', (event) => {
  const { ctx } = event.detail;
  const status = ctx.response?.status ?? 0;
  if (status >= 400 && isDocument(ctx.text ?? '') && ctx.target?.id !== 'drawer-body') {
    event.preventDefault();
    toast({ text: words('failed'), bad: true });
  }
});

document.addEventListener('htmx:error', (event) => {
  const error = event.detail.error;
  if (error?.name === 'AbortError') return;
  if (error instanceof TypeError || event.detail.ctx?.request?.signal?.reason === 'timeout') toast({ text: words('lost'), bad: true });
});

/** triggers dispatches the events that a response's HX-Trigger header names, for answers fetched without htmx. */
export function triggers(response, element = document.body) {
  const header = response.headers.get('HX-Trigger');
  if (!header) return;
  if (!header.startsWith('{')) {
    for (const name of header.split(',')) element.dispatchEvent(new CustomEvent(name.trim(), { bubbles: true, detail: {} }));
    return;
  }
  for (const [name, detail] of Object.entries(JSON.parse(header))) {
    element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

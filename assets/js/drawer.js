// The drawer: a link marked data-drawer, or a row with data-row, opens its page
// at the right edge, so that the list keeps its place. The address gets
// ?drawer=…, so that it can be shared, reloaded and left with Back.
import { fetchInto } from './htmx.js';
import { rowsOf } from './rows.js';

const drawer = document.getElementById('drawer');
const parameter = 'drawer';

const asked = () => {
  const path = new URL(location.href).searchParams.get(parameter);
  return path && /^\/(?!\/)/.test(path) ? path : null;
};

const address = (path) => {
  const url = new URL(location.href);
  if (path) url.searchParams.set(parameter, path);
  else url.searchParams.delete(parameter);
  return url.pathname + url.search.replaceAll('%2F', '/') + url.hash;
};

if (drawer) {
  const body = document.getElementById('drawer-body');
  const title = document.getElementById('drawer-title');
  const whole = drawer.querySelector('[data-whole]');
  let opener = null;
  let current = null;

  const rowOf = (path) => rowsOf().find((row) => row.dataset.row === path);

  const markRow = () => {
    for (const row of rowsOf()) row.classList.toggle('is-open', row.dataset.row === current);
    const index = rowsOf().findIndex((row) => row.dataset.row === current);
    for (const button of drawer.querySelectorAll('[data-step]')) {
      button.hidden = index < 0 || !rowsOf()[index + Number(button.dataset.step)];
    }
  };

  const load = async (path) => {
    current = path;
    whole.href = path;
    markRow();
    body.setAttribute('aria-busy', 'true');
    const timer = setTimeout(() => { body.innerHTML = '<div class="skeleton" data-waiting><i></i><i></i><i></i><i></i><i></i><i></i></div>'; }, 150);
    try {
      await fetchInto(path, body);
    } finally {
      clearTimeout(timer);
      body.removeAttribute('aria-busy');
    }
    if (body.querySelector(':scope > [data-waiting]')) body.textContent = drawer.dataset.failed;
  };

  const settle = () => {
    const heading = body.querySelector('h1');
    title.textContent = heading?.textContent.trim() ?? '';
    body.scrollTop = 0;
  };

  // An answer that is a whole document gives its page-body.
  document.addEventListener('htmx:before:swap', (event) => {
    for (const task of event.detail.tasks) {
      if (task.type !== 'main' || (task.target !== body && task.target !== '#drawer-body')) continue;
      const content = (task.fragment.querySelector('#page-body') ?? task.fragment.querySelector('main'));
      if (!content) continue;
      const inner = document.createDocumentFragment();
      inner.append(...content.childNodes);
      task.fragment = inner;
      event.detail.ctx.title = null;
    }
  });
  document.addEventListener('htmx:after:swap', (event) => {
    if (event.detail.ctx.target === body) settle();
  });

  const show = (path) => {
    if (!drawer.open) {
      opener = document.activeElement;
      // beside the page where there is room, over it where there is none
      if (matchMedia('(min-width: 64rem)').matches) drawer.show();
      else drawer.showModal();
    }
    if (path !== current) load(path);
    body.focus({ preventScroll: true });
  };

  const open = (path) => {
    if (path === current && drawer.open) return;
    if (drawer.open) history.replaceState(history.state, '', address(path));
    else history.pushState({ htmx: true, drawer: true }, '', address(path));
    show(path);
  };

  const hide = () => {
    if (drawer.open) drawer.close();
    const row = rowOf(current);
    current = null;
    markRow();
    body.replaceChildren();
    const back = row?.querySelector('a') ?? opener;
    if (back?.isConnected) back.focus({ preventScroll: true });
  };

  const close = () => {
    if (history.state?.drawer) history.back();
    else {
      history.replaceState(history.state, '', address(null));
      hide();
    }
  };

  const sync = () => {
    const path = asked();
    if (path) show(path);
    else if (drawer.open) hide();
  };

  drawer.addEventListener('cancel', (event) => { event.preventDefault(); close(); });
  drawer.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.target.closest('k-edit form')) return;
    event.preventDefault();
    close();
  });
  drawer.addEventListener('click', (event) => {
    if (event.target.closest('[data-closes]')) {
      event.stopPropagation();
      close();
    }
    const step = event.target.closest('[data-step]');
    if (step) {
      const index = rowsOf().findIndex((row) => row.dataset.row === current) + Number(step.dataset.step);
      const row = rowsOf()[index];
      if (row) open(row.dataset.row);
    }
  });

  window.addEventListener('popstate', sync);
  // htmx must not fetch the page anew when only the drawer has come or gone.
  let page = address(null);
  for (const name of ['push', 'replace']) document.addEventListener(`htmx:after:history:${name}`, () => { page = address(null); });
  document.addEventListener('htmx:before:history:restore', (event) => {
    if (address(null) === page) event.preventDefault();
    else page = address(null);
  });

  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[data-drawer]');
    if (link) {
      event.preventDefault();
      open(link.pathname + link.search);
      return;
    }
    const row = event.target.closest('[data-row]');
    if (!row || event.target.closest('a, button, input, select, textarea, label, summary, k-edit') || getSelection().toString()) return;
    open(row.dataset.row);
  });
  // the middle button on a row opens the page in a new tab, as on a link
  document.addEventListener('auxclick', (event) => {
    const row = event.target.closest('[data-row]');
    if (event.button === 1 && row && !event.target.closest('a, button, input')) window.open(row.dataset.row, '_blank', 'noopener');
  });
  document.addEventListener('k-open-row', (event) => open(event.target.dataset.row));

  sync();
}

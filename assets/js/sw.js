// The service worker: keeps the assets and the offline page, and remembers what
// the administrator tells people when the server cannot be reached. Pages
// themselves always come from the network.
const pages = 'kartoteka-offline-1';
const assets = 'kartoteka-assets-1';
const offline = '/offline';
const status = '/status.json';
const statusEvery = 5 * 60 * 1000;

let statusAt = 0;

self.addEventListener('install', (event) => {
  event.waitUntil(keepOffline().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== pages && name !== assets) await caches.delete(name);
    await self.clients.claim();
  })());
});

// The offline page is kept with the style, script and fonts it names.
async function keepOffline() {
  const response = await fetch(offline, { cache: 'reload' });
  if (!response.ok) return;
  const text = await response.clone().text();
  const cache = await caches.open(pages);
  await cache.put(offline, response);
  const used = [...new Set(text.match(/\/assets\/[\w./-]+/g) ?? [])];
  const kept = await caches.open(assets);
  await kept.addAll(used);
  for (const path of used) await dropOlder(kept, new URL(path, location.href).href);
  await keepStatus();
}

async function keepStatus() {
  statusAt = Date.now();
  try {
    const response = await fetch(status, { cache: 'no-store' });
    if (response.ok) await (await caches.open(pages)).put(status, response);
  } catch {
    // what was said last stays
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (url.pathname === status) event.respondWith(lastStatus(request));
  else if (request.mode === 'navigate') event.respondWith(page(event));
});

async function asset(request) {
  const cache = await caches.open(assets);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await dropOlder(cache, request.url);
    await cache.put(request, response.clone());
  }
  return response;
}

// Another fingerprint of the same file takes the place of the old one: after an
// update of the program nothing old is left.
async function dropOlder(cache, url) {
  const name = (address) => new URL(address).pathname.replace(/\.[0-9a-f]{10}\./, '.');
  for (const old of await cache.keys()) if (old.url !== url && name(old.url) === name(url)) await cache.delete(old);
}

async function lastStatus(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(pages)).put(status, response.clone());
    return response;
  } catch {
    return (await caches.match(status)) ?? Response.error();
  }
}

async function page(event) {
  try {
    const response = await fetch(event.request);
    if (Date.now() - statusAt > statusEvery) event.waitUntil(keepOffline());
    return response;
  } catch {
    return (await caches.match(offline)) ?? Response.error();
  }
}

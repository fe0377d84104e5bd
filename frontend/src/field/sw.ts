/**
 * The service worker of the field app: the page and its files come from the phone, so that they open without a
 * network. Records are none of its business: they lie in IndexedDB, which an update of this file never touches.
 */
interface Known {
  shell: string;
  files: string[];
  assets: string;
  version: string;
}

// Written before this file by the server: what this build is made of.
declare const wangge: Known;
// The DOM's types know no worker; these are the parts that are used here.
interface Waitable extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface Asked extends Waitable {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", act: (event: Waitable) => void): void;
  addEventListener(type: "fetch", act: (event: Asked) => void): void;
  addEventListener(type: "message", act: (event: MessageEvent) => void): void;
}
const worker = self as unknown as Worker;
const NAME = `wangge-field-${wangge.version}`;

async function keepAll(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll(wangge.files);
  // Not from the browser's own cache: the page must name the files of this very build.
  const page = await fetch(wangge.shell, { cache: "no-store" });
  if (!page.ok || page.redirected) throw new Error("the page did not come");
  await cache.put(wangge.shell, page);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("wangge-field-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** Files carry a hash in their names: what is kept is right for ever. The map's are kept when first used. */
async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone());
  return answer;
}

async function page(): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(wangge.shell, { ignoreVary: true })) ?? fetch(wangge.shell);
}

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
// The page says when nothing is half typed; until then the files of its own build stay.
worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === wangge.shell) event.respondWith(page());
  else if (path.startsWith(wangge.assets) || wangge.files.includes(path)) event.respondWith(file(request));
});

// src/field/sw.ts
const worker = self;
const NAME = `wangge-field-${wangge.version}`;
async function keepAll() {
	const cache = await caches.open(NAME);
	await cache.addAll(wangge.files);
	const page = await fetch(wangge.shell, { cache: "no-store" });
	if (!page.ok || page.redirected) throw new Error("the page did not come");
	await cache.put(wangge.shell, page);
}
async function dropOthers() {
	const old = (await caches.keys()).filter((name) => name.startsWith("wangge-field-") && name !== NAME);
	await Promise.all(old.map((name) => caches.delete(name)));
	await worker.clients.claim();
}
/** Files carry a hash in their names: what is kept is right for ever. The map's are kept when first used. */
async function file(request) {
	const kept = await caches.match(request, { ignoreVary: true });
	if (kept) return kept;
	const answer = await fetch(request);
	if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone());
	return answer;
}
async function page() {
	return await (await caches.open(NAME)).match(wangge.shell, { ignoreVary: true }) ?? fetch(wangge.shell);
}
worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
worker.addEventListener("message", (event) => {
	if (event.data === "take over") worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
	const { request } = event;
	const path = new URL(request.url).pathname;
	if (request.method !== "GET") return;
	if (request.mode === "navigate" && path === wangge.shell) event.respondWith(page());
	else if (path.startsWith(wangge.assets) || wangge.files.includes(path)) event.respondWith(file(request));
});

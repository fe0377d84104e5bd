/** The service worker: there from the first opening on, and a newer build takes over while the app is locked, so that nobody loses their place. */
const LOOK_EVERY_MS = 60 * 60_000;

export async function serve(address: string, free: () => boolean): Promise<void> {
  if (!("serviceWorker" in navigator) || !address) return;
  const had = Boolean(navigator.serviceWorker.controller);
  let reloading = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker comes to a page that is right already.
    if (!had || reloading) return;
    reloading = true;
    location.reload();
  });
  const registered = await navigator.serviceWorker.register(address, { scope: "/field/" });
  const takeOver = () => {
    if (registered.waiting && free()) registered.waiting.postMessage("take over");
  };
  registered.addEventListener("updatefound", () => {
    registered.installing?.addEventListener("statechange", takeOver);
  });
  document.addEventListener("visibilitychange", takeOver);
  takeOver();
  setInterval(() => void registered.update().catch(() => undefined), LOOK_EVERY_MS);
}

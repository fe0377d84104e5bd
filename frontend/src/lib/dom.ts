/** Runs `start` once for every matching element, now and whenever htmx brings new ones. */
export function each<E extends HTMLElement>(selector: string, start: (element: E) => void): void {
  const seen = new WeakSet<E>();
  const visit = (root: ParentNode & Node) => {
    const own = root instanceof HTMLElement && root.matches(selector) ? [root as unknown as E] : [];
    for (const element of [...own, ...root.querySelectorAll<E>(selector)]) {
      if (!seen.has(element)) {
        seen.add(element);
        start(element);
      }
    }
  };
  visit(document.body);
  document.addEventListener("htmx:load", (event) => visit(event.target as HTMLElement));
}

/** Listens on the whole page for an event inside a matching element. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  act: (element: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
    if (element) act(element, event);
  });
}

/** Makes an element; children may be text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An icon of the sprite, as the `icon` template tag draws it. */
export function icon(name: string): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(ns, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

/** The value of a <meta name> of the page, or nothing. */
export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

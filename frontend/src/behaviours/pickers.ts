import { each, on } from "../lib/dom";

function fill(selector: string, value: string): void {
  for (const field of document.querySelectorAll<HTMLInputElement>(selector)) field.value = value;
}

/** <div data-set="select[name=unit]" data-value="7">: the server's suggestion for a field beside it. */
function suggestions(): void {
  each<HTMLElement>("[data-set]", (box) => fill(box.dataset.set ?? "", box.dataset.value ?? ""));
}

/** <button data-place data-lon data-lat data-area data-address>: a place used before. */
function places(): void {
  on("click", "button[data-place]", (button) => {
    const { lon = "", lat = "", area = "", address = "" } = button.dataset;
    for (const [name, value] of Object.entries({ lon, lat, area, address })) {
      fill(`form [name=${name}]:not([type=radio])`, value);
    }
    for (const other of document.querySelectorAll("button[data-place]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const frame = document.querySelector("[data-map-frame]");
    frame?.dispatchEvent(new CustomEvent("wangge:place", { bubbles: true, detail: { lon, lat } }));
  });
}

/** Enter in the search box of a picker searches; it must not send the form around it. */
function searchOnly(): void {
  document.addEventListener("keydown", (event) => {
    const field = event.target as HTMLElement;
    if (event.key === "Enter" && field.matches?.("fieldset input[type=search]")) event.preventDefault();
  });
}

export function pickers(): void {
  suggestions();
  places();
  searchOnly();
}

import type { IControl } from "maplibre-gl";
import { make } from "../lib/dom";
import { say } from "../lib/text";

/** The button that raises the buildings and lays them flat again. */
export class SolidControl implements IControl {
  private box: HTMLElement | undefined;

  constructor(private readonly raise: (solid: boolean) => void) {}

  onAdd(): HTMLElement {
    const button = make("button", { type: "button", class: "map-solid", "aria-pressed": "false" }, "3D");
    button.setAttribute("aria-label", say("3D 立体显示楼栋", "3D buildings"));
    button.addEventListener("click", () => {
      const solid = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(solid));
      this.raise(solid);
    });
    this.box = make("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, button);
    return this.box;
  }

  onRemove(): void {
    this.box?.remove();
  }
}

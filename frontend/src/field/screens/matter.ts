/** Choosing a matter: the ten most frequent as tiles, then a search; what it is easily confused with is said. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import { confusedWith, frequent, mattersNamed } from "../rules";
import type { Matter } from "../shapes";
import { button, choices, empty, h, note } from "../view";

export function matterPicker(
  matters: Matter[],
  chosen: string | null,
  choose: (id: string | null) => void,
): HTMLElement {
  const box = h("div", "f-matter");
  const pick = (id: string | null) => {
    choose(id);
    draw(id);
  };
  const draw = (id: string | null) => {
    const found = matters.find((matter) => matter.id === id);
    box.replaceChildren(...(found ? chosenOne(found, matters, () => pick(null)) : offered(matters, pick)));
  };
  draw(chosen);
  return box;
}

function chosenOne(matter: Matter, matters: Matter[], change: () => void): HTMLElement[] {
  const head = h("div", "f-chosen", h("b", "", matter.name), button(say("换一个", "Change"), change));
  const others = confusedWith(matter, matters);
  const confuse = others && note("info", say("不要混同：", "Not to be confused with: "), others);
  return [head, ...(matter.explain ? [h("p", "f-hint", matter.explain)] : []), ...(confuse ? [confuse] : [])];
}

function offered(matters: Matter[], pick: (id: string) => void): HTMLElement[] {
  const search = make("input", {
    class: "f-input",
    type: "search",
    placeholder: say("搜索其他事项", "Search other matters"),
    "aria-label": say("搜索事项", "Search matters"),
  });
  const tile = (matter: Matter) => h("button", "f-tile", matter.name);
  const tiles = (found: Matter[]) => {
    const made = found.map((matter) => {
      const made = tile(matter);
      made.type = "button";
      made.addEventListener("click", () => pick(matter.id));
      if (search.value && matter.explain) made.append(h("small", "", matter.explain));
      return made;
    });
    return made.length ? made : [empty(say("没有找到，请换个说法。", "Nothing found; try other words."))];
  };
  const grid = h("div", "f-tiles", ...tiles(frequent(matters)));
  search.addEventListener("input", () => {
    const words = search.value.trim();
    grid.replaceChildren(...tiles(words ? mattersNamed(matters, words) : frequent(matters)));
    grid.classList.toggle("f-wide", Boolean(words));
  });
  return [grid, search];
}

/** The conditions of a matter; on the spot only those that allow it come first. */
export function conditionPicker(
  matter: Matter | undefined,
  chosen: string | null,
  spot: boolean,
  choose: (id: string) => void,
): HTMLElement {
  if (!matter) return empty(say("先选事项。", "Choose the matter first."));
  const fit = matter.conditions.filter((condition) => !spot || condition.on_the_spot);
  const shown = fit.length ? fit : matter.conditions;
  return choices(
    shown.map(({ id, text }) => ({ value: id, label: text })),
    chosen,
    choose,
  );
}

import { icon, make, on } from "../lib/dom";
import { say } from "../lib/text";
import { chosen, pick } from "./bulk";
import { shortcut } from "./keys";

declare const htmx: {
  ajax(verb: string, url: string, context: { target: string; swap?: string }): Promise<void>;
};

const BESIDE = "wangge:beside";
const WIDE = matchMedia("(min-width: 1200px)");
const MOVES: [string, string, string, string][] = [
  ["f", "file", "立案", "File"],
  ["d", "dispatch", "派遣", "Dispatch"],
  ["u", "urge", "催办", "Urge"],
  ["m", "merge", "并入重复案件", "Merge into another case"],
];

let current: HTMLElement | null = null;

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-rows] tr[data-case]")];
}

function linkOf(row: Element): HTMLAnchorElement | null {
  return row.querySelector("a.row-link");
}

/** The row that has the focus, or had it last. */
function here(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>("tr[data-case]");
  return focused ?? (current?.isConnected ? current : null);
}

/** The row to go on with: the next that is not done, or the last one left above. */
export function nextOpen(done: readonly boolean[], at: number): number {
  const after = done.findIndex((isDone, index) => index > at && !isDone);
  return after >= 0 ? after : done.findIndex((isDone) => !isDone);
}

/** One sentence for a screen reader; the same region each time, so that it is read. */
function announce(text: string): void {
  let live = document.getElementById("triage-live");
  if (!live) {
    live = make("div", { id: "triage-live", class: "visually-hidden", "aria-live": "polite" });
    document.body.append(live);
  }
  live.textContent = text;
}

/** A refusal has been told in the corner already (requests.ts). */
function told(): void {}

function begin(move: string): void {
  const many = chosen().length > 0;
  const button = document.querySelector<HTMLButtonElement>(`[data-bulk-move="${move}"]`);
  if (many && button) {
    button.click();
    return;
  }
  const row = here();
  const link = row && linkOf(row);
  if (!row || !link) {
    announce(say("先用 j、k 选一行。", "First choose a row with j and k."));
    return;
  }
  current = row;
  htmx.ajax("GET", `${link.pathname}/moves/${move}`, { target: "#dialog-slot" }).catch(told);
}

// ---- the case beside the list

function pane(): HTMLElement | null {
  return document.getElementById("pane");
}

function isBeside(): boolean {
  return WIDE.matches && localStorage.getItem(BESIDE) === "1";
}

function open(row: HTMLElement, before = ""): void {
  const link = linkOf(row);
  if (!link) return;
  current = row;
  for (const other of rows()) other.classList.toggle("row-open", other === row);
  const address = new URL(location.href);
  address.searchParams.set("case", row.dataset.case ?? "");
  history.replaceState(history.state, "", address);
  htmx
    .ajax("GET", link.href, { target: "#pane" })
    .then(() =>
      announce(before + say(`右边已打开：${link.textContent}`, `Opened on the right: ${link.textContent}`)),
    )
    .catch(told);
}

function showBeside(): void {
  const columns = document.querySelector<HTMLElement>(".desk-columns");
  const beside = isBeside();
  columns?.classList.toggle("two-panes", beside);
  document.querySelector("[data-beside]")?.setAttribute("aria-pressed", String(beside));
  if (!beside) {
    pane()?.remove();
    for (const row of rows()) row.classList.remove("row-open");
    return;
  }
  if (!pane()) {
    const hint = say("选一行，案件在这里打开。", "Choose a row; the case opens here.");
    columns?.append(
      make(
        "section",
        { id: "pane", class: "pane", tabindex: "-1", "aria-label": say("案件", "Case") },
        make("p", { class: "text-secondary" }, hint),
      ),
    );
  }
  const asked = new URL(location.href).searchParams.get("case");
  const row = rows().find((one) => one.dataset.case === asked);
  if (row) open(row);
}

function toggle(): void {
  localStorage.setItem(BESIDE, isBeside() ? "0" : "1");
  showBeside();
}

function switchButton(): void {
  const button = make(
    "button",
    { type: "button", class: "btn btn-quiet wide-pane", "data-beside": "", "aria-pressed": "false" },
    icon("layout-columns"),
    say("左右分栏", "Side by side"),
  );
  button.addEventListener("click", toggle);
  document.querySelector(".desk-head .btn-list")?.prepend(button);
}

// ---- after a move

interface Moved {
  case: number;
  text: string;
}

function moved({ case: id, text }: Moved): void {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.case === String(id));
  const row = all[at];
  if (!row) return;
  row.classList.add("row-done");
  linkOf(row)?.after(make("span", { class: "tag tone-green row-told" }, icon("check"), text));
  const box = row.querySelector<HTMLInputElement>('input[name="case"]');
  if (box?.checked) pick(row);
  const next =
    all[
      nextOpen(
        all.map((one) => one.classList.contains("row-done")),
        at,
      )
    ];
  const link = linkOf(next ?? row);
  link?.focus();
  if (!next) {
    pane()?.replaceChildren(make("p", {}, say("这一页都办完了。", "Everything on this page is done.")));
    announce(`${text}。${say("这一页都办完了。", "Everything on this page is done.")}`);
    return;
  }
  current = next;
  const sentence = `${text}。${say("下一件：", "Next: ")}`;
  if (pane()) open(next, sentence);
  else announce(sentence + link?.textContent);
}

export function triage(): void {
  if (!rows().length) return;
  shortcut("x", say("勾选这一行", "Select this row"), () => {
    const row = here();
    if (row) pick(row);
  });
  for (const [key, move, zh, en] of MOVES) {
    shortcut(key, say(`${zh}（勾选的，或这一行）`, `${en} (the selected rows, or this one)`), () =>
      begin(move),
    );
  }
  switchButton();
  shortcut("v", say("左右分栏", "Side by side"), () => WIDE.matches && toggle());
  shortcut("p", say("到右边的案件", "To the case on the right"), () => pane()?.focus());
  document.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr[data-case]") : null;
    if (row) current = row;
  });
  on("click", "[data-rows] tr[data-case] a.row-link", (link, event) => {
    const row = link.closest<HTMLElement>("tr[data-case]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!row || !pane() || !plain) return;
    event.preventDefault();
    link.focus();
    open(row);
  });
  document.addEventListener("wangge:moved", (event) => moved((event as CustomEvent<Moved>).detail));
  WIDE.addEventListener("change", showBeside);
  showBeside();
}

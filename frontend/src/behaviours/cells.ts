import { on } from "../lib/dom";

/** Where the focus goes in rows of cells: steps stay inside; another row takes the cell nearest to the same place. */
export function nextCell(
  rows: readonly number[],
  at: { row: number; cell: number },
  key: string,
): { row: number; cell: number } | null {
  const { row, cell } = at;
  if (key === "ArrowLeft") return cell > 0 ? { row, cell: cell - 1 } : null;
  if (key === "ArrowRight") return cell + 1 < (rows[row] ?? 0) ? { row, cell: cell + 1 } : null;
  const step = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  for (let other = row + step; step && other >= 0 && other < rows.length; other += step) {
    const width = rows[other] ?? 0;
    if (width) return { row: other, cell: Math.min(cell, width - 1) };
  }
  return null;
}

/** Arrow keys walk the links of a table with data-cells. */
export function cells(): void {
  on("keydown", "[data-cells] a", (link, event) => {
    const table = link.closest("[data-cells]") as HTMLElement;
    const rows = [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("a")]);
    const row = rows.findIndex((links) => links.includes(link as HTMLAnchorElement));
    const cell = rows[row]?.indexOf(link as HTMLAnchorElement) ?? -1;
    const widths = rows.map((links) => links.length);
    const next = nextCell(widths, { row, cell }, (event as KeyboardEvent).key);
    if (!next) return;
    event.preventDefault();
    rows[next.row]?.[next.cell]?.focus();
  });
}

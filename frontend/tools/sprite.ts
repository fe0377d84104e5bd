import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const DIR = "node_modules/@tabler/icons/icons/outline";

/** Names in the list file, one a line; empty lines and lines with # are skipped. */
export function iconNames(list: string): string[] {
  return readFileSync(list, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
}

/** One Tabler icon as a <symbol>; its own size, colour and class are left to CSS. */
export function symbol(name: string, svg: string): string {
  const inner = svg
    .replace(/<svg[^>]*>|<\/svg>|<path stroke="none"[^>]*\/>/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}

/** Vite plugin: gathers the listed icons in one hashed file, named in `icons.json`. */
export function sprite(list: string): Plugin {
  return {
    name: "sprite",
    apply: "build",
    buildStart() {
      this.addWatchFile(list);
    },
    generateBundle() {
      const names = iconNames(list);
      const symbols = names.map((name) => symbol(name, readFileSync(`${DIR}/${name}.svg`, "utf8")));
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
      const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
      const file = `assets/icons-${hash}.svg`;
      this.emitFile({ type: "asset", fileName: file, source });
      this.emitFile({ type: "asset", fileName: "icons.json", source: JSON.stringify({ file, names }) });
    },
  };
}

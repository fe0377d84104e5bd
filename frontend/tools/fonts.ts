import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const DIR = "node_modules/@fontsource/noto-sans-sc";
const FILES = {
  "fonts/regular.woff": `${DIR}/files/noto-sans-sc-chinese-simplified-400-normal.woff`,
  "fonts/bold.woff": `${DIR}/files/noto-sans-sc-chinese-simplified-700-normal.woff`,
  "fonts/LICENSE": `${DIR}/LICENSE`,
};

/** Vite plugin: the fonts that the server puts into PDFs (no page loads them), beside their licence. */
export function fonts(): Plugin {
  return {
    name: "fonts",
    apply: "build",
    generateBundle() {
      if (!existsSync(DIR)) {
        this.warn(`${DIR} is not installed: run npm install; without it nothing can be printed as PDF`);
        return;
      }
      for (const [fileName, from] of Object.entries(FILES)) {
        this.emitFile({ type: "asset", fileName, source: readFileSync(from) });
      }
    },
  };
}

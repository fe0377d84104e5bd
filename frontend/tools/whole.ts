import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const FONT = "node_modules/@fontsource/noto-sans-sc";
const PANORAMA = "node_modules/pannellum";
const FILES: Record<string, string> = {
  "fonts/regular.woff": `${FONT}/files/noto-sans-sc-chinese-simplified-400-normal.woff`,
  "fonts/bold.woff": `${FONT}/files/noto-sans-sc-chinese-simplified-700-normal.woff`,
  "fonts/LICENSE": `${FONT}/LICENSE`,
  "pannellum/pannellum.js": `${PANORAMA}/build/pannellum.js`,
  "pannellum/pannellum.css": `${PANORAMA}/build/pannellum.css`,
  "pannellum/COPYING": `${PANORAMA}/COPYING`,
};

/**
 * Vite plugin: files of packages that are taken whole, beside their licences: fonts that the server puts into PDFs
 * (no page loads them), and the viewer of panoramas, which is no module and loaded by its own page alone.
 */
export function whole(): Plugin {
  return {
    name: "whole",
    apply: "build",
    generateBundle() {
      for (const [fileName, from] of Object.entries(FILES)) {
        if (existsSync(from)) this.emitFile({ type: "asset", fileName, source: readFileSync(from) });
        else this.warn(`${from} is not installed: run npm install`);
      }
    },
  };
}

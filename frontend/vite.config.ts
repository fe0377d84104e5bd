import { defineConfig } from "vite";
import { sprite } from "./tools/sprite.ts";
import { whole } from "./tools/whole.ts";

export default defineConfig({
  // Relative addresses: the files work under whatever path they are served from.
  base: "",
  plugins: [sprite("icons.txt"), whole()],
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    outDir: "../src/wangge/static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    // What the built-in browsers of city apps ship; older colour syntax is written for them.
    target: ["chrome111", "safari16.4", "firefox115"],
    // The map library alone passes the usual warning limit; it is loaded only where a map is.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: {
        app: "src/app.ts",
        report: "src/report.ts",
        field: "src/field.ts",
        worker: "src/field/sw.ts",
      },
    },
  },
  worker: { format: "es" },
});

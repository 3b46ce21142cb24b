import { defineConfig } from "vite";

// The service worker is built after this, by build.mjs, because it must name what came out here.
export default defineConfig({
  root: import.meta.dirname,
  base: "/static/workbench/",
  publicDir: false,
  build: {
    outDir: "../src/palabre/web/static/workbench",
    emptyOutDir: true,
    target: "es2020",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: "src/main.tsx" },
      output: {
        hashCharacters: "hex",
        entryFileNames: "[name].[hash:12].js",
        chunkFileNames: "[name].[hash:12].js",
        assetFileNames: "[name].[hash:12][extname]",
      },
    },
  },
});

// The window is built from index.html, which speaks to the host. `--mode fake` builds fake.html instead: the same
// window over an owner in memory, for pictures and for trying things out. It never reaches `dist`.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** The policy of the desktop window, so that a preview breaks where the window would. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ipc: http://ipc.localhost; font-src 'self'";

export default defineConfig(({ mode }) => {
  const fake = mode === "fake";
  return {
    base: "./",
    plugins: [svelte(), svelteTesting()],
    clearScreen: false,
    server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
    preview: { port: 4173, strictPort: true, headers: { "Content-Security-Policy": policy } },
    build: {
      outDir: fake ? "dist-fake" : "dist",
      emptyOutDir: true,
      target: ["safari16", "chrome111"],
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: fake ? "fake.html" : "index.html" },
    },
    test: {
      environment: "happy-dom",
      include: ["src/**/*.test.ts"],
      setupFiles: ["src/testing/setup.ts"],
      // A machine that builds at the same time is slow, not wrong.
      testTimeout: 30_000,
    },
  };
});

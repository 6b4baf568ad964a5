// Takes the pictures that README and guide show, in the window's usual size: light and dark, and some in French.

import { join } from "node:path";
import { places } from "./places.mjs";
import { begin, goTo } from "./window.mjs";

/** Each picture with its place and, where the usual one is too small for it, its size. */
const pictures = {
  activity: { place: "activity", scene: "calm", languages: ["en", "fr"] },
  palette: { place: "palette", scene: "calm" },
  editor: { place: "form of events", scene: "calm and occasions", height: 720, languages: ["en", "fr"] },
  gallery: { place: "first rule" },
  undo: { place: "undo preview" },
  why: { place: "a run's why", scene: "calm" },
  rules: { place: "rules" },
  source: { place: "source with a mistake" },
  status: { place: "status", scene: "calm", height: 720 },
  settings: { place: "settings", scene: "calm", height: 720 },
};

const folder = join(import.meta.dirname, "../../docs/pictures");
const { page, open, end } = await begin();
for (const [name, { place, scene, height = 560, languages = ["en"] }] of Object.entries(pictures)) {
  await page.setViewportSize({ width: 720, height });
  for (const language of languages) {
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      await open({ theme, language, scene: scene ?? places[place].scene ?? "usual" });
      await goTo(page, places[place]);
      const file = [name, language, theme].filter((part) => part !== "en" && part !== "light").join("-");
      await page.screenshot({ path: join(folder, `${file}.png`) });
    }
  }
}
await end();

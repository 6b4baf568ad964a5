// Takes the pictures that README and guide show, light and in English, in the window's usual size.

import { join } from "node:path";
import { places } from "./places.mjs";
import { begin, goTo } from "./window.mjs";

/** Each picture with its place and, where the usual one is too small for it, its size. */
const pictures = {
  activity: { place: "activity", scene: "calm" },
  palette: { place: "palette", scene: "calm" },
  editor: { place: "form of events", scene: "calm and occasions", height: 720 },
  gallery: { place: "first rule" },
  undo: { place: "undo preview" },
  why: { place: "a run's why", scene: "calm" },
};

const folder = join(import.meta.dirname, "../../docs/pictures");
const { page, open, end } = await begin();
await page.emulateMedia({ colorScheme: "light" });
for (const [name, { place, scene, height = 560 }] of Object.entries(pictures)) {
  await page.setViewportSize({ width: 720, height });
  await open({ theme: "light", language: "en", scene: scene ?? places[place].scene ?? "usual" });
  await goTo(page, places[place]);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
await end();

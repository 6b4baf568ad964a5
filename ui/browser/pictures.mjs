// Takes a picture of every view of the fake window, in both themes and both languages, and puts them into a folder:
// `node browser/pictures.mjs [FOLDER [NAME...]]`, `pictures` where none is named, and every view.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { places } from "./places.mjs";
import { begin, goTo } from "./window.mjs";

const [wanted = "pictures", ...names] = process.argv.slice(2);
const folder = resolve(wanted);
mkdirSync(folder, { recursive: true });
const { page, open, end } = await begin();
const meant = Object.entries(places).filter(([name]) => names.length === 0 || names.includes(name));
for (const [name, place] of meant) {
  for (const theme of ["light", "dark"]) {
    for (const language of ["en", "fr"]) {
      await page.emulateMedia({ colorScheme: theme });
      await open({ theme, language, scene: place.scene ?? "usual" });
      await goTo(page, place);
      await page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, "-")}-${theme}-${language}.png`) });
    }
  }
}
await end();
console.log(`pictures of ${meant.length} views are in ${folder}`);

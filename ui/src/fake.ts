// The window over an owner in memory. `?scene=`, `?theme=`, `?language=` and `?older=` choose what is seen; `fake`, in the page,
// is that owner, for whoever drives the window from outside.

import "./platform/fake/frozen";
import { mount } from "svelte";
import { Fake } from "./platform/fake";
import { scenes } from "./platform/fake/scenes";
import App from "./shell/App.svelte";
import "./shell/tokens.css";
import "./shell/base.css";

declare global {
  var fake: Fake;
}

const wish = new URLSearchParams(location.search);
const fake = new Fake(Number(wish.get("older") ?? 60));
fake.settings.theme = wish.get("theme") ?? "";
fake.settings.language = wish.get("language") ?? "";
// As on a system of that language: without an owner there are no settings to go by.
if (wish.get("language") === "fr") fake.tag = "fr-FR";
for (const scene of (wish.get("scene") ?? "usual").split(" and ")) scenes[scene]?.(fake);
globalThis.fake = fake;

const target = document.getElementById("window");
if (target) mount(App, { target, props: { platform: fake } });

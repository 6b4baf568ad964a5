// The window over an owner in memory. `?scene=`, `?theme=` and `?language=` choose what is seen; `?view=` and `?press=`
// (keys, separated by commas) bring the window where a picture is wanted.

import { mount } from "svelte";
import { Fake } from "./platform/fake";
import { scenes } from "./platform/fake/scenes";
import App from "./shell/App.svelte";
import "./shell/tokens.css";
import "./shell/base.css";

const wish = new URLSearchParams(location.search);
const fake = new Fake(60);
fake.settings.theme = wish.get("theme") ?? "";
fake.settings.language = wish.get("language") ?? "";
scenes[wish.get("scene") ?? "usual"]?.(fake);

const target = document.getElementById("window");
if (target) mount(App, { target, props: { platform: fake } });

const views: Record<string, string> = { activity: "1", rules: "2", status: "3" };
const view = views[wish.get("view") ?? ""];
const presses = (wish.get("press") ?? "").split(",").filter((key) => key !== "");

function press(key: string, ctrlKey = false): void {
  const at = document.activeElement ?? document.body;
  at.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
}

async function play(): Promise<void> {
  const pause = () => new Promise((done) => setTimeout(done, 120));
  await pause();
  if (view) press(view, true);
  for (const key of presses) {
    await pause();
    if (key.startsWith("click:")) document.querySelector<HTMLElement>(key.slice(6))?.click();
    else press(key);
  }
}

void play();

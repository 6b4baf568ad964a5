// The window over an owner in memory. `?scene=`, `?theme=` and `?language=` choose what is seen; `?view=` and `?press=`
// (keys, `type:` with a text, `click:` with a selector, separated by commas) bring the window
// where a picture is wanted, and `?axe` has it checked there.

import "./platform/fake/frozen";
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

const views: Record<string, string> = { activity: "1", rules: "2", status: "3", settings: "4" };
const view = views[wish.get("view") ?? ""];
const presses = (wish.get("press") ?? "").split(",").filter((key) => key !== "");

function press(key: string, ctrlKey = false): void {
  const at = document.activeElement ?? document.body;
  at.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
}

function type(text: string): void {
  const at = document.activeElement;
  if (!(at instanceof HTMLInputElement)) return;
  at.value = text;
  at.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

async function play(): Promise<void> {
  const pause = () => new Promise((done) => setTimeout(done, 120));
  await pause();
  if (view) press(view, true);
  for (const key of presses) {
    await pause();
    if (key.startsWith("type:")) type(key.slice(5));
    else if (key.startsWith("click:")) document.querySelector<HTMLElement>(key.slice(6))?.click();
    else press(key);
  }
}

/** Leaves what axe has to complain of in the page, where `accessible.mjs` reads it. The text editor is CodeMirror's own: axe does
 * not see that its text takes the focus for the box that scrolls it. */
async function check(): Promise<void> {
  const { default: axe } = await import("axe-core");
  const { violations } = await axe.run({ exclude: ["[data-takes-letters]"] }, { resultTypes: ["violations"] });
  const said = document.createElement("pre");
  said.id = "axe";
  said.textContent = JSON.stringify(
    violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html.slice(0, 160)) })),
  );
  document.body.append(said);
}

void play().then(() => (wish.has("axe") ? check() : undefined));

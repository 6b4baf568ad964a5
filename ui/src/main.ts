// The window's start: the real host, the first component. `fake.ts` is the same over an owner in memory.

import { mount } from "svelte";
import { tauri } from "./platform/tauri";
import App from "./shell/App.svelte";
import "./shell/tokens.css";
import "./shell/base.css";

const target = document.getElementById("window");
if (target) mount(App, { target, props: { platform: tauri } });

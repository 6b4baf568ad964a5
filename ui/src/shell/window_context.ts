// How a component finds the window it is in, without every parent handing it down.

import { getContext, setContext } from "svelte";
import type { UsherWindow } from "./window.svelte";

const key = Symbol("window");

/** Makes a window known to the components below. */
export function setWindow(window: UsherWindow): void {
  setContext(key, window);
}

/** The window a component is in. */
export function getWindow(): UsherWindow {
  return getContext<UsherWindow>(key);
}

/** The home of the user, read when it is called. */
export function getHome(): () => string {
  const window = getWindow();
  return () => window.home;
}

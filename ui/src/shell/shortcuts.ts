// The keyboard of the whole window, as a pure reading of key presses. Keys of the list are in `activity/keys.ts`.

import type { View } from "./shell.svelte";
import { views } from "./shell.svelte";

/** What a key press asks of the window. */
export type Command =
  { do: "open"; view: View } | { do: "search" | "commands" | "save" | "help" | "escape" | "enter_list" };

/** The parts of a key press that count. */
export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** Reads a key press; `typing` while a text field has the focus, where letters are letters. */
export function commandOf(press: Press, typing: boolean): Command | null {
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) return withModifier(press.key);
  if (press.key === "Escape") return { do: "escape" };
  if (typing) return null;
  switch (press.key) {
    case "/":
      return { do: "search" };
    case "?":
      return { do: "help" };
    case "j":
    case "k":
    case "ArrowDown":
      return { do: "enter_list" };
    default:
      return null;
  }
}

function withModifier(key: string): Command | null {
  switch (key.toLowerCase()) {
    case "f":
      return { do: "search" };
    case "k":
      return { do: "commands" };
    case "s":
      return { do: "save" };
  }
  const view = /^[1-9]$/.test(key) ? views[Number(key) - 1] : undefined;
  return view ? { do: "open", view } : null;
}

/** Whether letters typed now would land in a field. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=checkbox]), textarea, select, [data-takes-letters]")
  );
}

// Keys as people read them. Chords are kept by the names that settings, rules and browsers have for keys (`Ctrl+Alt+Space`,
// `Mod+Enter`), and shown by those that are printed on the keys where the window's language is spoken. `Mod` is the key
// that chords of this window are held with.

import { t } from "./words.svelte";

/** Keys whose names are words. */
const words: Record<string, string> = {
  Alt: "key-alt",
  Backspace: "key-backspace",
  Ctrl: "key-ctrl",
  Delete: "key-delete",
  End: "key-end",
  Enter: "key-enter",
  Escape: "key-escape",
  Home: "key-home",
  Insert: "key-insert",
  PageDown: "key-page-down",
  PageUp: "key-page-up",
  Shift: "key-shift",
  Space: "key-space",
  Tab: "key-tab",
};

/** Keys that are shown as a sign everywhere, and those that are on a Mac. */
const signs = { ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑" };
const macSigns = { Alt: "⌥", Ctrl: "⌃", Mod: "⌘", Shift: "⇧", Super: "⌘" };

const lowered = (names: Record<string, string>) =>
  new Map(Object.entries(names).map(([name, text]) => [name.toLowerCase(), text]));
const wordOf = lowered({ ...words, Control: "key-ctrl", Esc: "key-escape", Mod: "key-ctrl" });
const signOf = lowered(signs);
const macSignOf = lowered({ ...macSigns, Cmd: "⌘", Command: "⌘", Control: "⌃", Meta: "⌘", Option: "⌥" });

function keyText(key: string): string {
  const word = wordOf.get(key.toLowerCase());
  return word === undefined ? (signOf.get(key.toLowerCase()) ?? key) : t(word);
}

/** A chord as it is printed on the keys of this system. */
export function chordText(chord: string, mac: boolean): string {
  const keys = chord.split("+");
  if (!mac) return keys.map(keyText).join("+");
  return keys.map((key) => macSignOf.get(key.toLowerCase()) ?? keyText(key)).join("");
}

/** A chord in words, for a field: `chordOfWords` reads it again. */
export function chordWords(chord: string): string {
  return chordText(chord, false);
}

/** The chord that somebody has written, in the words of the window or by the names that settings have for keys. */
export function chordOfWords(text: string): string {
  const named = (key: string) =>
    Object.keys(words).find((name) => keyText(name).toLowerCase() === key.toLowerCase()) ?? key;
  return text
    .trim()
    .split("+")
    .map((key) => named(key.trim()))
    .join("+");
}

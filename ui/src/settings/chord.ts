// A chord as the settings spell it (`Ctrl+Alt+Space`), read from a key press.

/** The parts of a key press that make a chord. `code` is the key's place, so that layouts and Alt do not change it. */
export type ChordPress = Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;

const modifiers = /^(Control|Alt|Shift|Meta|OS)/;

/** The name of a key: `KeyU` is `U`, `Digit1` is `1`, `Space` is itself. */
function keyName(code: string): string {
  return code.replace(/^(Key|Digit)(?=.$)/, "").replace(/^Arrow/, "");
}

/** The chord of a key press; nothing while only modifiers are down, or where none is, which would take a plain key. */
export function chordOf(press: ChordPress): string | null {
  if (press.code === "" || modifiers.test(press.code)) return null;
  const isFunctionKey = /^F\d+$/.test(press.code);
  if (!press.ctrlKey && !press.altKey && !press.metaKey && !isFunctionKey) return null;
  const held = [
    press.ctrlKey && "Ctrl",
    press.altKey && "Alt",
    press.shiftKey && "Shift",
    press.metaKey && "Super",
  ].filter((name) => name !== false);
  return [...held, keyName(press.code)].join("+");
}

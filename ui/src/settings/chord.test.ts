import { expect, test } from "vitest";
import { chordOf } from "./chord";

const press = (code: string, ...held: ("ctrlKey" | "altKey" | "shiftKey" | "metaKey")[]) => ({
  code,
  ctrlKey: held.includes("ctrlKey"),
  altKey: held.includes("altKey"),
  shiftKey: held.includes("shiftKey"),
  metaKey: held.includes("metaKey"),
});

test("a chord names its modifiers in one order, then the key", () => {
  expect(chordOf(press("Space", "altKey", "ctrlKey"))).toBe("Ctrl+Alt+Space");
  expect(chordOf(press("KeyU", "metaKey", "shiftKey"))).toBe("Shift+Super+U");
  expect(chordOf(press("Digit1", "ctrlKey"))).toBe("Ctrl+1");
  expect(chordOf(press("F9"))).toBe("F9");
});

test("modifiers alone and plain keys are no chord", () => {
  expect(chordOf(press("ControlLeft", "ctrlKey"))).toBeNull();
  expect(chordOf(press("KeyU"))).toBeNull();
  expect(chordOf(press("KeyU", "shiftKey"))).toBeNull();
});

import { expect, test } from "vitest";
import { commandOf } from "./shortcuts";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test("views and search have chords that work while typing", () => {
  expect(commandOf(press("2", { ctrlKey: true }), true)).toEqual({ do: "open", view: "rules" });
  expect(commandOf(press("3", { metaKey: true }), false)).toEqual({ do: "open", view: "status" });
  expect(commandOf(press("f", { ctrlKey: true }), true)).toEqual({ do: "search" });
  expect(commandOf(press("k", { ctrlKey: true }), true)).toEqual({ do: "commands" });
  expect(commandOf(press("s", { metaKey: true }), true)).toEqual({ do: "save" });
  expect(commandOf(press("9", { ctrlKey: true }), false)).toBeNull();
});

test("letters are letters while typing, and Escape never is", () => {
  expect(commandOf(press("/"), false)).toEqual({ do: "search" });
  expect(commandOf(press("/"), true)).toBeNull();
  expect(commandOf(press("?"), true)).toBeNull();
  expect(commandOf(press("Escape"), true)).toEqual({ do: "escape" });
});

test("chords with Alt belong to the system", () => {
  expect(commandOf(press("1", { ctrlKey: true, altKey: true }), false)).toBeNull();
});

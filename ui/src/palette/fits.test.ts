import { expect, test } from "vitest";
import { fit, fitting } from "./fits";

test("words fit in any order, with letters left out, without case and accents", () => {
  expect(fit("Pause for 1 hour", "hour pause")).toBeGreaterThan(0);
  expect(fit("Réglages", "reglages")).toBe(4);
  expect(fit("Open the rules folder", "rlsfldr")).toBe(1);
  expect(fit("Settings", "zebra")).toBe(0);
  expect(fit("Settings", "settings zebra")).toBe(0);
});

test("a beginning goes before a word within, that before a part of one, and nothing typed fits all", () => {
  const labels = ["unrest", "the rest", "rest"];
  expect(fitting(labels, "rest", (label) => label)).toEqual(["rest", "the rest", "unrest"]);
  expect(fitting(labels, "", (label) => label)).toEqual(labels);
});

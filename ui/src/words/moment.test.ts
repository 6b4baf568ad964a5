import { expect, test } from "vitest";
import { ago, clockTime, dayKey, dayName, daysAgo } from "./moment";

const now = new Date(2026, 10, 22, 0, 30).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

test("days are local calendar days, not spans of 24 hours", () => {
  const lateYesterday = at(2026, 10, 21, 23, 50);
  expect(daysAgo(lateYesterday, now)).toBe(1);
  expect(dayKey(lateYesterday)).toBe("2026-11-21");
  expect(daysAgo(at(2026, 10, 22, 0, 5), now)).toBe(0);
});

test("moments are told in the unit that fits", () => {
  expect(ago(new Date(now - 20_000).toISOString(), now, "en")).toBe("");
  expect(ago(new Date(now - 3 * 60_000).toISOString(), now, "en")).toBe("3 min. ago");
  expect(ago(new Date(now - 3 * 60_000).toISOString(), now, "fr")).toMatch(/^il y a 3\smin$/);
  expect(ago(at(2026, 10, 21, 9, 0), now, "en")).toBe("15 hr. ago");
  expect(ago(at(2026, 10, 20, 9, 0), now, "en")).toBe("2 days ago");
});

test("the year is told only of other years", () => {
  expect(dayName(at(2026, 10, 22, 12, 0), now, "en-GB")).not.toContain("2026");
  expect(dayName(at(2025, 10, 22, 12, 0), now, "en-GB")).toContain("2025");
});

test("a moment that cannot be read is shown as it came", () => {
  expect(clockTime("soon", "en")).toBe("soon");
  expect(dayName("soon", now, "en")).toBe("soon");
  expect(ago("soon", now, "en")).toBe("soon");
});

// The colours hold what tokens.css says of them: 4.5:1 for every ink on every ground, 3:1 for the lines of fields.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const pairs = new Map<string, [string, string]>();
for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)) {
  if (name && light && dark) pairs.set(name, [light, dark]);
}
pairs.set("on-accent", ["#ffffff", "#ffffff"]);

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(ink: string, ground: string, theme: 0 | 1): number {
  const [a = NaN, b = NaN] = [ink, ground].map((name) => luminance(pairs.get(name)?.[theme] ?? ""));
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const plain = ["ground", "surface", "raised", "hover"];
const grounds: Record<string, string[]> = {
  ink: [...plain, "accent-wash", "good-wash", "warn-wash", "bad-wash"],
  "ink-soft": [...plain, "good-wash", "warn-wash", "bad-wash"],
  accent: [...plain, "accent-wash", "good-wash", "warn-wash", "bad-wash"],
  "good-ink": [...plain, "good-wash"],
  "warn-ink": [...plain, "warn-wash"],
  "bad-ink": [...plain, "bad-wash"],
  "on-accent": ["accent-fill", "accent-fill-hover"],
};
const cases = Object.entries(grounds).flatMap(([ink, on]) => on.map((ground) => [ink, ground] as const));

test.each(cases)("%s can be read on %s", (ink, ground) => {
  expect(contrast(ink, ground, 0), "light").toBeGreaterThanOrEqual(4.5);
  expect(contrast(ink, ground, 1), "dark").toBeGreaterThanOrEqual(4.5);
});

test.each(plain)("the line of a field can be seen on %s", (ground) => {
  expect(contrast("line-strong", ground, 0), "light").toBeGreaterThanOrEqual(3);
  expect(contrast("line-strong", ground, 1), "dark").toBeGreaterThanOrEqual(3);
});

// Styles name the start and the end of a line and not its left and right, so that the window can be laid out from the
// right as well. `browser/turned.test.mjs` looks at it that way.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "..");
const styled = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(svelte|css)$/.test(name),
);

/** Sides by name. */
const named = /^\s*((padding|margin|border)-(left|right)[\w-]*|left|right|float|text-align: (left|right)).*;/;
/** Four values, of which the second is the right and the fourth the left. */
const four = /^\s*(padding|margin|inset): (\S+) (\S+) (\S+) (\S+);/;

function isPhysical(line: string): boolean {
  const values = four.exec(line);
  return named.test(line) || (values !== null && values[3] !== values[5]);
}

test("no style names the left or the right", () => {
  const found = styled.flatMap((name) => {
    const text = readFileSync(join(source, name), "utf8");
    const css = name.endsWith(".css") ? text : text.slice(text.indexOf("<style>"));
    return css
      .split("\n")
      .filter(isPhysical)
      .map((line) => `${name}: ${line.trim()}`);
  });
  expect(styled.length).toBeGreaterThan(50);
  expect(found).toEqual([]);
});

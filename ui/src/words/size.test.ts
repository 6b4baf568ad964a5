import { expect, test } from "vitest";
import { sizeText } from "./size";

test("a size is short, with the unit that fits", () => {
  const plain = (bytes: number, tag = "en") => sizeText(bytes, tag).replaceAll(/\s/g, " ");
  expect(plain(0)).toBe("0 byte");
  expect(plain(999)).toBe("999 byte");
  expect(plain(1_240)).toBe("1.2 kB");
  expect(plain(734_000_000)).toBe("734 MB");
  expect(plain(3_000_000_000_000_000)).toBe("3,000 TB");
  expect(plain(1_500_000, "fr")).toBe("1,5 Mo");
});

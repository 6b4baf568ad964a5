import { expect, test } from "vitest";
import { folderOf, nameOf, pieces, shorten, shortenAll } from "./path_text";

test("the home is written as ~, and a neighbour of it is not", () => {
  expect(shorten("/home/ada/Downloads/a.pdf", "/home/ada")).toBe("~/Downloads/a.pdf");
  expect(shorten("/home/ada", "/home/ada")).toBe("~");
  expect(shorten("/home/adam/a.pdf", "/home/ada")).toBe("/home/adam/a.pdf");
  expect(shorten("/home/ada/a", "")).toBe("/home/ada/a");
});

test("a sentence has its paths shortened", () => {
  expect(shortenAll("move /home/ada/a -> /home/ada/b, not /home/adam/c", "/home/ada")).toBe(
    "move ~/a -> ~/b, not /home/adam/c",
  );
});

test("name and folder part at the last separator", () => {
  expect(nameOf("/home/ada/a.pdf")).toBe("a.pdf");
  expect(nameOf("C:\\Users\\Ada\\a.pdf")).toBe("a.pdf");
  expect(nameOf("/home/ada/evil\\invoice.pdf")).toBe("evil\\invoice.pdf");
  expect(nameOf("/home/ada/")).toBe("ada");
  expect(nameOf("/")).toBe("/");
  expect(folderOf("/home/ada/a.pdf")).toBe("/home/ada");
  expect(folderOf("/a.pdf")).toBe("/");
});

test("pieces join to the path, and a long name keeps its end whole", () => {
  const path = "/home/ada/a very long name that no line has room for 🗂 0815.pdf";
  const { folder, head, tail } = pieces(path);
  expect(folder + head + tail).toBe(path);
  expect(tail).toBe("🗂 0815.pdf");
  expect(pieces("/home/ada/a.pdf")).toEqual({ folder: "/home/ada/", head: "", tail: "a.pdf" });
});

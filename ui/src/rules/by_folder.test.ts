import { expect, test } from "vitest";
import { ruleInfo } from "../platform/fake/seed";
import { byFolder } from "./by_folder";

test("a folder has every rule that looks there, in the order they run, and what looks nowhere comes last", () => {
  const rule = (id: string, ...locations: string[]) => ruleInfo({ id, title: id, locations });
  const file = (path: string, ...rules: ReturnType<typeof rule>[]) => ({
    path,
    digest: "",
    loaded: "",
    stale: false,
    problems: [],
    rules,
  });
  const files = [file("/r/a.yaml", rule("one", "/b", "/a"), rule("hello")), file("/r/b.yaml", rule("two", "/a", "/a"))];
  const listed = byFolder(files).map(({ path, rules }) => [path, ...rules.map((one) => `${one.rule.id} ${one.file}`)]);
  expect(listed).toEqual([
    ["/a", "one /r/a.yaml", "two /r/b.yaml"],
    ["/b", "one /r/a.yaml"],
    [null, "hello /r/a.yaml"],
  ]);
});

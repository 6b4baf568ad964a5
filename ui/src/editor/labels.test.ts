// Every name of the rule language that the form shows has a label in both languages, and no label is left over.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nounsOf } from "../occasions/occasions";
import { schema } from "../platform/fake/schema";
import { playable } from "../status/playable";
import { words } from "../words/words.svelte";
import { namesOf, optionsOf, paramsOf } from "./catalogue";
import { labelId, labelOf, type Named } from "./labels";
import { groupNames } from "./parts";
import { shapeOf, type Key } from "./schema";

interface Name {
  named: Named;
  name: string;
  owner: string;
}

function wordsOf(key: Key): Name[] {
  if (groupNames.includes(key.name)) return [];
  const shape = shapeOf(schema, key.schema);
  return shape.kind === "words" ? shape.words.map((name) => ({ named: "choice", name, owner: key.name })) : [];
}

/** Every name the form can show. */
function names(): Name[] {
  const withWords = (named: Named, owner: string) => (key: Key) => [{ named, name: key.name, owner }, ...wordsOf(key)];
  const parts = (["filter", "action"] as const).flatMap((kind) =>
    namesOf(schema, kind).flatMap((part) => [
      ...withWords(kind, "")(part),
      ...(groupNames.includes(part.name) ? [] : paramsOf(schema, kind, part.name)).flatMap(
        withWords("param", part.name),
      ),
    ]),
  );
  const nouns = (["when", "while"] as const).flatMap((kind) =>
    nounsOf(schema, kind).flatMap((noun) =>
      // What is said of a noun by its own name, and what has a field of its own, has words of its own.
      noun.params
        .filter(({ name }) => name !== noun.name && name !== "missed" && name !== "after")
        .flatMap(withWords("param", noun.name)),
    ),
  );
  const events = playable.flatMap((event) =>
    event.details.map((detail): Name => ({
      named: "param",
      name: detail.name,
      owner: event.name.split(".")[0] ?? "",
    })),
  );
  return [...parts, ...nouns, ...events, ...optionsOf(schema).flatMap(withWords("option", ""))];
}

afterEach(() => words.speak("", "en"));

test.each(["en", "fr"])("every name has a label (%s)", (language) => {
  words.speak(language, language);
  const all = names();
  expect(all.length).toBeGreaterThan(200);
  const unnamed = all.filter(({ named, name, owner }) => labelId(named, name, owner) === null);
  expect(unnamed.map(({ named, name, owner }) => `${named} ${owner} ${name}`)).toEqual([]);
});

test("no label is left over", () => {
  const file = readFileSync(join(import.meta.dirname, "../../../locales/en/language.ftl"), "utf8");
  const there = [...file.matchAll(/^([a-z][\w-]*) =/gm)].map(([, id]) => id);
  const used = new Set(names().map(({ named, name, owner }) => labelId(named, name, owner)));
  expect(there.filter((id) => id !== undefined && !used.has(id))).toEqual([]);
});

test("a name means what it means where it stands, and one that is not known is itself", () => {
  expect(labelOf("param", "mode", "lastmodified")).toBe("Before or after");
  expect(labelOf("param", "mode", "write")).toBe("Where the text goes");
  expect(labelOf("filter", "brand_new")).toBe("brand_new");
});

// Every sentence exists in every language, with the same arguments; the window's are all used, and none is missing.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, Visitor, type Message, type VariableReference } from "@fluent/syntax";
import { expect, test } from "vitest";
import { pickLanguage, Words } from "./words.svelte";

const source = join(import.meta.dirname, "..");
const locales = join(source, "../../locales");
const languages = readdirSync(locales);

/** The ids of a Fluent file, each with the names of its arguments. */
function messages(language: string, file: string): Map<string, string[]> {
  const resource = parse(readFileSync(join(locales, language, file), "utf8"), {});
  const found = new Map<string, string[]>();
  for (const entry of resource.body) {
    expect(entry.type, `${language}/${file} does not parse`).not.toBe("Junk");
    if (entry.type === "Message") found.set((entry as Message).id.name, argumentsOf(entry as Message));
  }
  return found;
}

function argumentsOf(message: Message): string[] {
  const names = new Set<string>();
  class Collect extends Visitor {
    override visitVariableReference(reference: VariableReference): void {
      names.add(reference.id.name);
    }
  }
  new Collect().visit(message);
  return [...names].sort();
}

/** Every id that code names: a string that begins with one of the window's nouns and a dash. In the texts that are
offered, it is any word that begins like one of the gallery's. */
function usedIds(): Set<string> {
  const nouns =
    "shell|time|activity|why|rules|status|settings|sheet|palette|editor|gallery|undo|occasion|first|chart|key";
  const literal = new RegExp(`"((?:${nouns})-[a-z0-9-]+)"`, "g");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const ids = new Set<string>();
  for (const file of files) {
    if (!/\.(svelte|ts|yaml)$/.test(file) || file.includes(".test.") || file.startsWith("platform")) continue;
    const named = file.endsWith(".yaml") ? /\b(gallery-[a-z-]+)/g : literal;
    for (const [, id] of readFileSync(join(source, file), "utf8").matchAll(named)) if (id) ids.add(id);
  }
  return ids;
}

test("English and French are there", () => {
  expect(languages.sort()).toEqual(["en", "fr"]);
});

test.each(["window.ftl", "language.ftl", "tray.ftl", "notices.ftl", "owner.ftl"])(
  "%s says the same in every language",
  (file) => {
    const english = messages("en", file);
    expect(english.size).toBeGreaterThan(0);
    for (const language of languages)
      expect(Object.fromEntries(messages(language, file))).toEqual(Object.fromEntries(english));
  },
);

test("every sentence the window uses exists, and every one that exists is used", () => {
  expect([...usedIds()].sort()).toEqual([...messages("en", "window.ftl").keys()].sort());
});

test("a wish goes before the system's language, and English is last", () => {
  expect(pickLanguage("fr", "en-GB")).toBe("fr");
  expect(pickLanguage("", "fr-CH")).toBe("fr");
  expect(pickLanguage("", "de-DE")).toBe("en");
});

test("plurals and arguments are filled in, names safely", () => {
  const words = new Words();
  words.speak("fr", "en-GB");
  expect(words.say("activity-step-count", { count: 1 })).toBe("une étape");
  expect(words.say("activity-step-count", { count: 3 })).toBe("3 étapes");
  words.speak("en", "en-GB");
  expect(words.say("activity-undid", { rules: "a\u202Eb" })).toBe("Undid \u2068a‹U+202E›b\u2069");
});

test("what the owner says is told in the window's language, its reasons too, and in English where there are no words", async () => {
  const why = { text: "the disk is full: free some space, then try again", id: "cause-disk-full" };
  const said = { text: `cannot move /a\u202E: ${why.text}`, id: "deed-cannot-move", with: { path: "/a\u202E", why } };
  const words = new Words();
  words.speak("fr", "fr-FR");
  expect(words.tell(said)).toBe(said.text);
  await words.learn((language) => Promise.resolve(readFileSync(join(locales, language, "owner.ftl"), "utf8")));
  expect(words.tell(said)).toMatch(/\/a\u202E/);
  expect(words.tell(said)).not.toMatch(/cannot|disk/);
  expect(words.tell({ text: "exit status 3" })).toBe("exit status 3");
  expect(words.tell({ text: "all is well", id: "from-tomorrow" })).toBe("all is well");
  words.speak("en", "fr-FR");
  expect(words.tell(said)).toBe(said.text);
});

test("what the owner calls like a sentence of the window's is another one", async () => {
  const words = new Words();
  words.speak("fr", "fr-FR");
  await words.learn(() => Promise.resolve("why-elsewhere = ailleurs"));
  expect(words.tell({ text: "elsewhere", id: "why-elsewhere" })).toBe("ailleurs");
  expect(words.say("why-elsewhere", { count: 1 })).toBe("Une règle ne regarde pas ici");
});

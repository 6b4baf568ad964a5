// Whatever the owner can ask the user to look at has words in the window.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Attention } from "../api/Attention";
import { factWords, stateText } from "../status/fact_words";
import { words } from "../words/words.svelte";
import { attentionText, attentionWords } from "./attention_words";
import { foreign } from "../platform/refusal";

const crates = join(import.meta.dirname, "../../../crates");

/** The sources of the owner, without their tests. */
function sources(): string[] {
  return ["usher-engine", "usher-agent"].flatMap((crate) => {
    const folder = join(crates, crate, "src");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".rs"));
    return files.map((file) => readFileSync(join(folder, file), "utf8").split("#[cfg(test)]\nmod tests")[0] ?? "");
  });
}

/** Every code that a finding or a note is made with. */
function codes(): string[] {
  const made = [/Finding \{\s*code: "(\w+)"/g, /Note::new\(\s*"(\w+)"/g, /problem_note\(\s*"(\w+)"/g];
  const found = sources().flatMap((text) =>
    made.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code)),
  );
  return [...new Set(found.filter((code) => code !== undefined))].sort();
}

const item = (parts: Partial<Attention>): Attention => ({
  code: "failed_step",
  message: foreign("Scans: move ~/a.pdf: no room"),
  hint: null,
  path: "/home/ada/a.pdf",
  run: 1,
  at: "2026-11-26T12:00:00Z",
  rule: "tidy/Scans",
  more: 0,
  question: null,
  beyond: null,
  ...parts,
});

afterEach(() => words.speak("", "en"));

test("every code has words", () => {
  expect(codes().length).toBeGreaterThan(9);
  expect(codes().filter((code) => !(code in attentionWords))).toEqual([]);
});

test("in French the window has words of its own, as far as it knows the code", () => {
  words.speak("fr", "fr");
  const message = "\u2068Scans\u2069 a échoué sur \u2068a.pdf\u2069";
  expect(attentionText(item({}), null)).toEqual({ message, hint: null, whole: false });
  const folder = attentionText(item({ code: "folder", path: "/home/ada/Scans", hint: foreign("make it") }), null);
  expect(folder?.message).toBe("Le dossier \u2068Scans\u2069 est absent");
  expect(folder?.hint).toContain("Créez-le");
  const question = item({ code: "question", question: 1, beyond: { limit: 200, held: 1412 } });
  expect(attentionText(question, null)?.message).toMatch(/a agi sur 200 fichiers et voudrait agir sur 1.?412 de plus/);
  expect(attentionText(item({ code: "brand_new" }), null)).toBeNull();
});

test("in English the owner's sentence says it all", () => {
  expect(attentionText(item({}), null)).toBeNull();
});

test("facts are said in the language of the window, and one that is new in the owner's words", () => {
  words.speak("fr", "fr");
  const noun = {
    noun: "power",
    mode: "watching" as const,
    reason: null,
    since: null,
    rules: [],
    state: "on battery, 40 %",
  };
  const fact = (code: string, number: number | null = null) => ({ code, name: null, beside: null, number });
  expect(stateText({ ...noun, facts: [fact("battery"), fact("percent", 40)] })).toBe("sur batterie, 40 %");
  expect(stateText({ ...noun, facts: [fact("brand_new")] })).toBeNull();
});

test("every fact that the owner can tell has words", () => {
  const text = readFileSync(join(crates, "usher-agent/src/present/machine.rs"), "utf8").split("#[cfg(test)]")[0] ?? "";
  const told = [...text.matchAll(/(?:fact|named|numbered)\((?:if [^{]*\{ )?"(\w+)"(?: \} else \{ "(\w+)")?/g)];
  const facts = new Set(told.flatMap(([, one, other]) => [one, other]).filter((code) => code !== undefined));
  expect(facts.size).toBe(Object.keys(factWords).length);
  expect([...facts].filter((code) => !(code in factWords))).toEqual([]);
});

// The fake owner's rule files as texts: read, looked over, previewed and saved as the real one does it, with the
// mistakes that the schema tells: filters and actions it does not know.

import { parseDocument } from "yaml";
import type { Preview } from "../../api/Preview";
import type { PreviewRequest } from "../../api/PreviewRequest";
import type { Problem } from "../../api/Problem";
import type { Refusal } from "../../api/Refusal";
import type { RuleInfo } from "../../api/RuleInfo";
import type { RuleSave } from "../../api/RuleSave";
import type { RuleText } from "../../api/RuleText";
import { rulesOf } from "../../editor/draft";
import { fieldText, partOf } from "../../editor/parts";
import { keysOf, partsAt } from "../../editor/schema";
import { schema } from "./schema";
import { home, ruleInfo } from "./seed";
import { said } from "./said";
import { foreign } from "../refusal";

const documents = `# What comes by mail and from the scanner.
rules:
  - name: File invoices
    locations: ~/Downloads
    filters:
      # Only what is finished
      - extension: pdf
      - any:
          - filecontent: (?i)invoice|facture
          - name: { contains: invoice }
    actions:
      - move: ~/Documents/Invoices/{created.year}/

  - name: Name and sort scans
    locations:
      - ~/Desktop
      - ~/Documents/Scanner
    filters:
      - extension: [pdf, tiff]
    actions:
      - rename: "{created.strftime('%Y-%m-%d')} {name}.{extension}"
      - move: ~/Documents/Scans/
`;

const tidy = `rules:
  - name: Throw old downloads away
    locations: ~/Downloads
    filters:
      # A month is enough
      - lastmodifed: { days: 30 }
    actions:
      - trash
`;

/** Words that are nearly right, and what is meant by them. */
const nearly: Record<string, string> = { lastmodifed: "lastmodified", extention: "extension" };

/** A folder that nobody may look into. */
const unreadable = foreign("cannot look into ~/Downloads/caf\uFFFD: permission denied. It was left out.");

/** Rule files in memory. */
export class FakeTexts {
  readonly texts = new Map<string, string>([
    [`${home}/.config/usher/rules/documents.yaml`, documents],
    [`${home}/.config/usher/rules/tidy.yaml`, tidy],
  ]);

  /** Whether what is left alone reads like something else that is. */
  doubles = false;

  /** A file as it is now. */
  read(file: string): RuleText {
    const text = this.texts.get(file);
    if (text === undefined) throw refusal("not_found", `cannot read ${file}: it is not there`);
    return this.check(file, text);
  }

  /** A draft looked over. */
  check(file: string, text: string): RuleText {
    const rules = (rulesOf(text) ?? []).map((rule, i): RuleInfo => {
      const title = String(rule["name"] ?? `rule ${i + 1}`);
      return ruleInfo({ id: idOf(title), title, enabled: rule["enabled"] !== false });
    });
    return { file, text, digest: `b3:${hash(text)}`, rules, problems: problemsOf(file, text) };
  }

  /** Writes a file, unless it is another one by now. */
  save({ file, text, digest }: RuleSave): RuleText {
    const now = this.texts.get(file);
    if ((now === undefined ? null : `b3:${hash(now)}`) !== digest) {
      throw refusal("changed", `${file} was changed by another program and is left as it is`);
    }
    this.texts.set(file, text);
    return this.check(file, text);
  }

  /** What a draft would do with two invoices, and why it leaves a picture alone. */
  preview({ text, rule, event }: PreviewRequest): Preview {
    const needs_event = event === null && text.includes("{volume.") ? "volume" : null;
    const meant = rulesOf(text)?.[rule ?? 0];
    const actions = Array.isArray(meant?.["actions"]) ? meant["actions"].map(partOf) : [];
    const title = String(meant?.["name"] ?? "");
    const lines = ["EDF facture novembre", "hotel invoice"].flatMap((name, i) =>
      actions.map((action) => ({
        rule: title,
        rule_name: title,
        rule_nr: rule ?? 0,
        action: action?.name ?? "",
        path: `${home}/Downloads/${name}.pdf`,
        root: `${home}/Downloads`,
        text: foreign(
          `${action?.name} ~/Downloads/${name}.pdf -> ${filledIn(targetOf(action?.value))}${name}${i === 1 ? " 2" : ""}.pdf`,
        ),
        note: null,
        error: null,
        irreversible: action?.name === "delete" ? said("final-deleted") : null,
        conflict: i === 1 ? ("new_name" as const) : null,
      })),
    );
    const extension = {
      filter: "extension",
      wanted: "pdf",
      seen: "jpg",
      outcome: "no_match",
      error: null,
      members: [],
    };
    const passed = {
      rule: title,
      path: `${home}/Downloads/holiday.jpg`,
      reason: said("why-turned-away-has", { filter: "extension", wanted: "pdf", seen: "jpg" }),
      filters: [extension],
    };
    const passedOver = this.doubles ? [passed, passed] : [passed];
    const has_code = text.includes("python:");
    const looks = !has_code && needs_event === null;
    return {
      lines: looks ? lines : [],
      passed_over: looks && event === null ? passedOver : [],
      needs_event,
      left_out: this.doubles ? [unreadable, unreadable] : [],
      done: 2,
      failed: 0,
      complete: true,
      has_code,
    };
  }
}

/** Where an action leads to, however it is written. */
function targetOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return fieldText(value);
  const told = value as Record<string, unknown>;
  return fieldText(told["dest"] ?? told["outfile"] ?? "");
}

/** The ids that the other seeds know these rules by. */
function idOf(title: string): string {
  const known: Record<string, string> = {
    "File invoices": "invoices",
    "Name and sort scans": "scans",
    "Throw old downloads away": "old-downloads",
  };
  return known[title] ?? title;
}

function problemsOf(file: string, text: string): Problem[] {
  const base = { severity: "error", file, help: null };
  const [error] = parseDocument(text).errors;
  if (error) {
    const [at] = error.linePos ?? [{ line: 1, col: 1 }];
    const place = { line: at.line, column: at.col, source_line: "", length: 1 };
    return [{ ...base, ...place, code: "yaml", message: foreign(error.message.split("\n")[0] ?? "") }];
  }
  const known = [...keysOf(partsAt(schema, ["rules", "filters"])), ...keysOf(partsAt(schema, ["rules", "actions"]))];
  const names = new Set(known.map((key) => key.name));
  let kind = "";
  return text.split("\n").flatMap((line, i): Problem[] => {
    kind = /^\s*(when|while|locations|filter|action)s?:/.exec(line)?.[1] ?? kind;
    const [, lead = "", word = ""] = /^(\s*- (?:not )?)(\w+):/.exec(line) ?? [];
    const named = kind === "filter" || kind === "action";
    if (!named || word === "" || names.has(word) || lead.length < 6) return [];
    const place = { line: i + 1, column: lead.length + 1, source_line: line, length: word.length };
    const help = word in nearly ? foreign(`Did you mean \`${nearly[word]}\`?`) : null;
    const message = foreign(`There is no ${kind} called \`${word}\`.`);
    return [{ ...base, ...place, code: `unknown_${kind}`, message, help }];
  });
}

/** A template with what is known of the two invoices. */
const filledIn = (template: string): string => template.replaceAll("{created.year}", "2026");

function hash(text: string): string {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum.toString(16);
}

function refusal(code: string, message: string): Refusal {
  return { code, message: foreign(message), hint: null };
}

// The first day: a rule is chosen, tried on the user's own folder and switched on. Nothing is written before the last
// step, and nothing moves before that.

import type { Preview } from "../api/Preview";
import type { Refusal } from "../api/Refusal";
import type { RuleText } from "../api/RuleText";
import type { TriggerEvent } from "../api/TriggerEvent";
import { rulesOf, set } from "../editor/draft";
import type { Ready } from "../gallery/ready";
import type { Call } from "../platform/platform";

/** The three steps. */
export const steps = ["welcome", "choose", "preview"] as const;

/** One of them. */
export type Step = (typeof steps)[number];

/** The folder that a ready-made rule looks in by itself; nothing where an event brings it along. */
export function placeOf(text: string): string | null {
  const place = rulesOf(text)?.[0]?.["locations"];
  return typeof place === "string" && !place.includes("{") ? place : null;
}

/** How far the user has come. */
export class FirstRun {
  step = $state<Step>("welcome");
  rule = $state.raw<Ready | null>(null);
  /** The folder that the user has chosen, as rules write it. */
  #chosen = $state.raw<string | null>(null);
  preview = $state.raw<Preview | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  busy = $state(false);
  readonly #call: Call;
  readonly #ours: (text: string) => string;
  readonly #begun = $derived.by(() => this.#ours(this.rule?.text ?? ""));
  /** The folder: that of the rule, unless the user has chosen one. */
  readonly folder = $derived.by(() => this.#chosen ?? placeOf(this.#begun) ?? this.#ours("~/Downloads"));
  /** The rule's text with the folder in it, switched off. */
  readonly text = $derived.by(() =>
    placeOf(this.#begun) === null ? this.#begun : set(this.#begun, ["rules", 0, "locations"], this.folder),
  );
  #looks = 0;

  /** `ours` makes of a text of ours what the user gets. */
  constructor(call: Call, ours: (text: string) => string) {
    this.#call = call;
    this.#ours = ours;
  }

  /** Chooses a rule. */
  choose(rule: Ready): void {
    this.rule = rule;
  }

  /** Chooses a folder, which no rule changes any more. */
  place(folder: string): void {
    if (folder.trim() !== "") this.#chosen = folder.trim();
  }

  /** Goes to a step. */
  go(step: Step): void {
    this.step = step;
    this.refusal = null;
  }

  /** Goes to the last step, and sees what the rule would do. */
  async look(file: string, event: TriggerEvent | null = null): Promise<void> {
    this.go("preview");
    this.preview = null;
    this.#looks += 1;
    const mine = this.#looks;
    try {
      const params = { file, text: this.text, rule: 0, limit: null, code: false, event };
      const preview = await this.#call<Preview>({ method: "preview", params });
      if (mine === this.#looks) this.preview = preview;
    } catch (refusal) {
      if (mine === this.#looks) this.refusal = refusal as Refusal;
    }
  }

  /** Writes the rule, switched on. Says whether it was. */
  async enable(file: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      const text = set(this.text, ["rules", 0, "enabled"], true);
      await this.#call<RuleText>({ method: "save_rules", params: { file, text, digest: null } });
      return true;
    } catch (refusal) {
      this.refusal = refusal as Refusal;
      return false;
    } finally {
      this.busy = false;
    }
  }
}

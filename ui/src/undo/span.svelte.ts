// Taking back everything since a moment, or all that one rule did since then.

import type { Refusal } from "../api/Refusal";
import type { UndoReport } from "../api/UndoReport";
import type { Call } from "../platform/platform";
import { beginOf, momentOf, type Begin } from "./begin";
import { UndoPlan } from "./plan.svelte";

/** The rule whose steps are meant. */
export interface OfRule {
  id: string;
  title: string;
}

/** The dialog for it; closed while it is not about anything. */
export class UndoSpan {
  isOpen = $state(false);
  /** Nothing for everything that Usher did. */
  rule = $state.raw<OfRule | null>(null);
  begin = $state<Begin>("today");
  /** The moment of the user's choice, as its field has it; empty while there is none. */
  moment = $state("");
  busy = $state(false);
  report = $state.raw<UndoReport | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  readonly plan: UndoPlan;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
    this.plan = new UndoPlan(call);
  }

  /** Opens it for what a rule did, or for everything. */
  open(rule: OfRule | null): void {
    this.rule = rule;
    this.report = null;
    this.refusal = null;
    this.moment = "";
    this.isOpen = true;
    void this.since("today");
  }

  /** Chooses where the span begins, and asks what taking it back would do. */
  async since(begin: Begin): Promise<void> {
    this.begin = begin;
    const since = begin === "moment" ? momentOf(this.moment) : beginOf(begin, Date.now());
    if (since === null) this.plan.close();
    else await this.#ask(since);
  }

  /** Takes it back. */
  async go(): Promise<void> {
    const { target } = this.plan;
    if (!target || this.busy) return;
    this.busy = true;
    try {
      this.report = await this.#call<UndoReport>({ method: "undo", params: target });
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal as Refusal;
    } finally {
      this.busy = false;
      this.plan.close();
    }
  }

  /** Puts it away. */
  close(): void {
    this.isOpen = false;
    this.plan.close();
  }

  #ask(since: string): Promise<void> {
    return this.plan.ask(null, { what: "since", since, rule: this.rule?.id ?? null, rename: false });
  }
}

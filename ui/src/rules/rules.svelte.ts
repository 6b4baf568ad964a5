// The rule files as they are loaded, and what can be done with one rule: switch it, preview it, run it.

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Refusal } from "../api/Refusal";
import type { RuleFile } from "../api/RuleFile";
import type { Rules } from "../api/Rules";
import type { RunSummary } from "../api/RunSummary";
import type { Starter } from "../api/Starter";
import { News } from "../platform/news";
import type { Call } from "../platform/platform";
import type { Listing } from "./by_folder";

/** What running or previewing a rule came to. */
export interface Trial {
  simulated: boolean;
  /** Whether it stands before a run that was asked for, which goes on with a yes. */
  asks: boolean;
  summary: RunSummary | null;
  refusal: Refusal | null;
}

/** How far a run has come. */
export interface Progress {
  subjects: number;
  path: string | null;
  /** How much of what there is to go over is behind it. */
  looked?: number;
  /** How much that is in all, once it is known. */
  of?: number | null;
}

/** Milliseconds between the end of a run and asking what it has changed. */
const settleTime = 300;

/** Every rule the owner knows. */
export class RuleBook {
  files = $state.raw<RuleFile[]>([]);
  loaded = $state(false);
  failure = $state.raw<Refusal | null>(null);
  /** The rule that is run, by id; a preview is none. */
  running = $state<string | null>(null);
  /** How far the run that was asked for here has come. */
  progress = $state.raw<Progress | null>(null);
  starter = $state.raw<Starter | null>(null);
  /** How the rules are listed. */
  listing = $state<Listing>("file");
  readonly trials = new SvelteMap<string, Trial>();
  /** Ids of rules that something is being done with. */
  readonly busy = new SvelteSet<string>();
  readonly #call: Call;
  readonly #news = new News();
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Asks for every file. */
  async load(): Promise<void> {
    try {
      const rules = await this.#answer(this.#call<Rules>({ method: "rules" }));
      this.failure = null;
      // What rules have done since is no news.
      if (!rules) this.ran();
    } catch (refusal) {
      this.failure = refusal as Refusal;
    }
  }

  /** Takes in the files as they are now. */
  hear(rules: Rules): void {
    this.#news.hear();
    this.#take(rules);
  }

  /** Takes in an answer, unless there is news that it does not know of. */
  async #answer(question: Promise<Rules>): Promise<Rules | undefined> {
    const rules = await this.#news.unlessOvertaken(question);
    if (rules) this.#take(rules);
    return rules;
  }

  #take(rules: Rules): void {
    this.files = rules.files;
    this.loaded = true;
  }

  /** A run has ended: counts and times are others soon. Many runs in a row are one reason to ask. */
  ran(): void {
    if (!this.loaded || this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.load();
    }, settleTime);
  }

  /** Switches a rule on or off. */
  async setEnabled(rule: string, enabled: boolean): Promise<void> {
    await this.#with(rule, async () => {
      await this.#answer(this.#call<Rules>({ method: "set_rule_enabled", params: { rule, enabled } }));
    });
  }

  /** Asks for a run: says what it would do first, for somebody to say yes to. */
  ask(rule: string): Promise<void> {
    return this.try(rule, true, true);
  }

  /** The rule that a run was asked for and that waits for a yes, by id. */
  asking(): string | null {
    return [...this.trials].find(([, trial]) => trial.asks)?.[0] ?? null;
  }

  /** Runs a rule over what is there, or says what that would do. The outcome stays with the rule until put away. */
  async try(rule: string, simulate: boolean, asks = false): Promise<void> {
    await this.#with(rule, async () => {
      this.progress = null;
      if (!simulate) this.running = rule;
      try {
        const summary = await this.#call<RunSummary>({
          method: "run",
          params: {
            rule,
            config: null,
            text: null,
            working_dir: null,
            tags: [],
            skip_tags: [],
            simulate,
            yes: false,
            asks: false,
          },
        });
        this.trials.set(rule, { simulated: simulate, asks, summary, refusal: null });
      } catch (refusal) {
        const why = refusal as Refusal;
        this.trials.set(rule, { simulated: simulate, asks, summary: null, refusal: why });
      } finally {
        this.running = null;
      }
    });
  }

  /** Ends a run before it has gone over everything; the one that was asked for and goes on where none is named. */
  async stop(run: number | null = null): Promise<void> {
    await this.#call<null>({ method: "stop_run", params: { run, woken: false } });
  }

  /** The same for the one that an event has set off. */
  async stopWoken(run: number | null): Promise<void> {
    await this.#call<null>({ method: "stop_run", params: { run, woken: true } });
  }

  /** Opens a rule file, or the folder of all. */
  async edit(file: string | null): Promise<void> {
    await this.#call<null>({ method: "open_rules", params: { file } });
  }

  /** Has the starter written. */
  async createStarter(): Promise<void> {
    this.starter = await this.#call<Starter>({ method: "create_starter" });
    await this.load();
  }

  async #with(rule: string, deed: () => Promise<void>): Promise<void> {
    if (this.busy.has(rule)) return;
    this.busy.add(rule);
    try {
      await deed();
    } finally {
      this.busy.delete(rule);
    }
  }
}

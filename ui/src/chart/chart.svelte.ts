// How many files were seen to on each of the last days. The journal is counted by the owner, never here.

import type { Chart } from "../api/Chart";
import type { Call } from "../platform/platform";

/** How many days are shown. */
export const days = 14;

/** Milliseconds between the end of a run and counting again: many runs in a row are one reason to. */
const settleTime = 1000;

/** The sum of some numbers. */
export const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The chart in the window. */
export class DayChart {
  chart = $state.raw<Chart | null>(null);
  /** The rule that is looked at; nothing for all of them. */
  rule = $state<string | null>(null);
  /** The day that is looked at, from 0; nothing for all of them. */
  day = $state<number | null>(null);
  /** The files of each day: of all rules, and of the one looked at. */
  readonly all = $derived(this.chart?.files ?? []);
  readonly own = $derived(
    this.rule === null ? this.all : (this.chart?.rules.find((one) => one.rule === this.rule)?.files ?? []),
  );
  readonly most = $derived(Math.max(1, ...this.all));
  readonly #call: Call;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Has the owner count. What cannot be counted is not shown. */
  async load(): Promise<void> {
    try {
      this.chart = await this.#call<Chart>({ method: "chart", params: { days } });
    } catch {
      // The journal itself says what is wrong with it.
    }
  }

  /** A run has ended: counts are others soon. Nobody counts for a chart that nobody has asked for. */
  ran(): void {
    if (this.chart === null || this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.load();
    }, settleTime);
  }

  /** Looks at one rule, or at all again. */
  look(rule: string): void {
    this.rule = this.rule === rule ? null : rule;
  }
}

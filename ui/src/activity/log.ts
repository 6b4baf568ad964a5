// Pure readings of the journal: days, rows, what can be taken back and what a step is called.

import type { LogQuery } from "../api/LogQuery";
import type { Run } from "../api/Run";
import type { Step } from "../api/Step";
import type { StepState } from "../api/StepState";
import { dayKey } from "../words/moment";

/** The runs of one day, newest first. */
export interface Day {
  key: string;
  at: string;
  runs: Run[];
}

/** One line that the keyboard can stand on. A run of one step is one line, and that line is its step. */
export type Row = { key: string; kind: "run"; run: Run } | { key: string; kind: "step"; run: Run; step: Step };

/** Longer runs begin folded. */
const foldAbove = 4;

/** A question to the journal with only the given parts set. */
export function query(parts: Partial<LogQuery>): LogQuery {
  return {
    before: null,
    run: null,
    limit: null,
    since: null,
    rule: null,
    text: null,
    steps: null,
    from_step: null,
    ...parts,
  };
}

/** Groups runs, newest first, by the local day they began on. */
export function byDay(runs: Run[]): Day[] {
  const days: Day[] = [];
  for (const run of runs) {
    const key = dayKey(run.started);
    const last = days.at(-1);
    if (last?.key === key) last.runs.push(run);
    else days.push({ key, at: run.started, runs: [run] });
  }
  return days;
}

/** Puts a run where it belongs, in place of its older self. */
export function withRun(runs: Run[], run: Run): Run[] {
  const others = runs.filter((other) => other.id !== run.id);
  return [...others, run].sort((a, b) => b.id - a.id);
}

/** Whether a run is one line. */
export function isSingle(run: Run): boolean {
  return run.step_count === 1 && run.steps.length === 1;
}

/** Whether a run's steps show, where the user has not said. */
export function opensByItself(run: Run): boolean {
  return run.step_count <= foldAbove;
}

/** The key of a run's line. */
export const runKey = (run: Run): string => `run-${run.id}`;

/** The key of a step's line. */
export const stepKey = (step: Step): string => `step-${step.id}`;

/** Every line on the screen in order. */
export function rowsOf(runs: Run[], isOpen: (run: Run) => boolean): Row[] {
  return runs.flatMap((run): Row[] => {
    const steps = run.steps.map((step): Row => ({ key: stepKey(step), kind: "step", run, step }));
    if (isSingle(run)) return steps;
    const head: Row = { key: runKey(run), kind: "run", run };
    return isOpen(run) ? [head, ...steps] : [head];
  });
}

/** The state of a step as it is shown: one that was done with an error is told from one that simply was. */
export type Shown = StepState | "partly";

export function shownState(step: Step): Shown {
  const stands = step.state === "done" || step.state === "irreversible";
  return stands && step.error !== null ? "partly" : step.state;
}

/** Whether a step can be taken back now. */
export function canUndo(step: Step): boolean {
  return step.state === "done" && step.not_undoable === null;
}

/** Whether a step can be tried again. What an undo could not take back is taken back by another undo. */
export function canRetry(run: Run, step: Step): boolean {
  const failed = ["failed", "partly"].includes(shownState(step));
  return failed && !takesBack(run);
}

/** Whether a run takes another one back, so that taking it back is a redo. */
export function isUndo(run: Run): boolean {
  return run.kind === "undo";
}

/** Whether a run is an undo, or a redo, which is the undo of one. */
export function takesBack(run: Run): boolean {
  return run.kind === "undo" || run.kind === "redo";
}

/** Where a step's subject is now, as far as the journal knows. */
export function placeNow(step: Step): string | null {
  const moved = step.state === "done" || step.state === "irreversible";
  return moved ? (step.to ?? step.from) : (step.from ?? step.to);
}

/** The places a step names, the present one first, each once. */
export function placesOf(step: Step): string[] {
  const places = [placeNow(step), step.from, step.to].filter((place) => place !== null);
  return [...new Set(places)];
}

// The fake owner's journal: pages, search and undo as the real one does them, over a list in memory.

import type { LogPage } from "../../api/LogPage";
import type { LogQuery } from "../../api/LogQuery";
import type { RefusedStep } from "../../api/RefusedStep";
import type { Run } from "../../api/Run";
import type { Step } from "../../api/Step";
import type { UndoReport } from "../../api/UndoReport";
import type { UndoTarget } from "../../api/UndoTarget";
import { run } from "./seed";

/** A journal in memory, newest run first. */
export class FakeJournal {
  /** Steps whose old place is taken: they are refused, unless a free name is asked for. */
  readonly taken = new Set<number>();

  constructor(public runs: Run[]) {}

  /** Answers a query. */
  page(query: LogQuery): LogPage {
    const wanted = query.text?.toLowerCase();
    const found = this.runs
      .filter((one) => query.run === null || one.id === query.run)
      .filter((one) => query.before === null || one.id < query.before)
      .filter((one) => !wanted || one.steps.some((step) => speaksOf(step, wanted)));
    const limit = query.limit ?? 50;
    return { runs: found.slice(0, limit), more: found.length > limit };
  }

  /** Writes a run down. */
  write(one: Run): void {
    this.runs = [one, ...this.runs.filter((other) => other.id !== one.id)].sort((a, b) => b.id - a.id);
  }

  /** Takes back what can be taken back; appends the undo as a run of its own. */
  undo(target: UndoTarget, at: string): UndoReport {
    const source = this.#sourceOf(target);
    if (!source) throw { code: "not_found", message: "The journal has no such run.", hint: null };
    const asked = source.steps.filter((step) => target.what !== "step" || step.id === target.step);
    const rename = "rename" in target && target.rename;
    const [undone, refused] = this.#sort(asked, rename);
    if (undone.length === 0) return { run: null, refused };
    const id = Math.max(...this.runs.map((one) => one.id)) + 1;
    const inverse = undone.map((step, i) => this.#inverse(step, id, i, at, rename));
    const kind = source.kind === "undo" ? "redo" : "undo";
    const made = run({ id, kind, of: source.id, cause: "asked for in the window", started: at, steps: inverse });
    this.write(this.#marked(source, undone));
    this.write(made);
    return { run: made, refused };
  }

  #sourceOf(target: UndoTarget): Run | undefined {
    if (target.what === "run") return this.runs.find((one) => one.id === target.run);
    if (target.what === "step") return this.runs.find((one) => one.steps.some((step) => step.id === target.step));
    return this.runs.find((one) => one.undoable);
  }

  #sort(asked: Step[], rename: boolean): [Step[], RefusedStep[]] {
    const open = asked.filter((step) => step.state === "done");
    const isRefused = (step: Step) => this.taken.has(step.id) && !rename;
    const refused = open
      .filter(isRefused)
      .map((step) => ({ step, reason: `Another file is at ${step.from} now. Nothing was changed.` }));
    return [open.filter((step) => !isRefused(step)), refused];
  }

  #inverse(step: Step, run: number, place: number, at: string, rename: boolean): Step {
    const back = rename && this.taken.has(step.id) ? `${step.from} (2)` : step.from;
    return { ...step, id: run * 1000 + place, run, step: place, from: step.to, to: back, at, state: "done" };
  }

  #marked(source: Run, undone: Step[]): Run {
    const steps = source.steps.map((step) => (undone.includes(step) ? { ...step, state: "undone" as const } : step));
    return { ...source, steps, undoable: steps.some((step) => step.state === "done" && step.not_undoable === null) };
  }
}

function speaksOf(step: Step, wanted: string): boolean {
  return [step.rule, step.action, step.from ?? "", step.to ?? ""].some((text) => text.toLowerCase().includes(wanted));
}

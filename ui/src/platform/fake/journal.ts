// The fake owner's journal: pages, search and undo as the real one does them, over a list in memory.

import type { Chart } from "../../api/Chart";
import type { LogPage } from "../../api/LogPage";
import type { LogQuery } from "../../api/LogQuery";
import type { RefusedStep } from "../../api/RefusedStep";
import type { Run } from "../../api/Run";
import type { Step } from "../../api/Step";
import type { UndoPreview } from "../../api/UndoPreview";
import type { UndoReport } from "../../api/UndoReport";
import type { UndoTarget } from "../../api/UndoTarget";
import { dayKey } from "../../words/moment";
import { run } from "./seed";
import { said } from "./said";
import { foreign } from "../refusal";

/** So many steps of a run come in a list or a notice, and of one that was asked for by itself. */
export const listed = 100;
const single = 1000;

/** A journal in memory, newest run first. */
export class FakeJournal {
  /** Steps whose old place is taken: they are refused, unless a free name is asked for. */
  readonly taken = new Set<number>();
  /** Steps that made something beside their subject: it is taken away. */
  readonly makers = new Set<number>();
  /** Commands that taking back a step runs. */
  readonly commands = new Map<number, string[]>();

  constructor(public runs: Run[]) {}

  /** Answers a query. */
  page(query: LogQuery): LogPage {
    const wanted = query.text?.toLowerCase();
    const found = this.runs
      .filter((one) => query.run === null || one.id === query.run)
      .filter((one) => query.before === null || one.id < query.before)
      .filter((one) => !wanted || one.steps.some((step) => speaksOf(step, wanted)));
    const limit = query.limit ?? 50;
    const runs = found.slice(0, limit).map((one) => {
      const from = query.from_step ?? 0;
      const steps = one.steps.slice(from, from + (query.steps ?? (query.run === null ? listed : single)));
      return { ...one, steps };
    });
    return { runs, more: found.length > limit };
  }

  /** Counts what stands by day and rule. */
  chart(days: number, now: number): Chart {
    const keys = Array.from({ length: days }, (_, i) =>
      dayKey(new Date(now - (days - 1 - i) * 86_400_000).toISOString()),
    );
    const standing = this.runs
      .filter((one) => one.kind !== "undo" && one.kind !== "redo")
      .flatMap((one) => one.steps)
      .filter((step) => step.state === "done" || step.state === "irreversible");
    /** Steps that go on with the file of one before them are about the same file. */
    const filesOf = (steps: Step[]) => {
      const begin = (step: Step) =>
        !steps.some((one) => one.run === step.run && one.step < step.step && (one.to ?? one.from) === step.from);
      const begun = steps.filter(begin).map((step) => dayKey(step.at));
      return keys.map((key) => begun.filter((day) => day === key).length);
    };
    const rules = [...new Set(standing.map((step) => step.rule_id))].map((rule) => {
      const own = standing.filter((step) => step.rule_id === rule);
      return { rule, title: own[0]?.rule ?? rule, files: filesOf(own) };
    });
    const sum = (files: number[]) => files.reduce((a, b) => a + b, 0);
    return {
      days: keys,
      files: filesOf(standing),
      rules: rules.filter((one) => sum(one.files) > 0).sort((a, b) => sum(b.files) - sum(a.files)),
    };
  }

  /** Writes a run down. */
  write(one: Run): void {
    this.runs = [one, ...this.runs.filter((other) => other.id !== one.id)].sort((a, b) => b.id - a.id);
  }

  /** Says what taking back would come to, as `undo` then does it. */
  preview(target: UndoTarget): UndoPreview {
    const [source, asked] = this.#asked(target);
    const [undone, refused] = this.#sort(asked, target.rename);
    const kind = source?.kind === "undo" ? "redo" : "undo";
    const lines = undone.map((step) => {
      const back = step.from === null ? null : this.#back(step, target.rename);
      const [from, to] =
        step.to === null ? [step.from, null] : this.makers.has(step.id) ? [step.to, null] : [step.to, back];
      return {
        step,
        from,
        to,
        text: foreign(`${kind} ${from} -> ${to} (${step.action})`),
        runs: this.commands.get(step.id) ?? [],
      };
    });
    return { kind, of: source?.id ?? null, lines, count: lines.length, refused, refused_count: refused.length };
  }

  /** Takes back what can be taken back; appends the undo as a run of its own. */
  undo(target: UndoTarget, at: string): UndoReport {
    const [source, asked] = this.#asked(target);
    const [undone, refused] = this.#sort(asked, target.rename);
    if (undone.length === 0) return { run: null, refused };
    const id = Math.max(...this.runs.map((one) => one.id)) + 1;
    const inverse = undone.map((step, i) => this.#inverse(step, id, i, at, target.rename));
    const kind = source?.kind === "undo" ? "redo" : "undo";
    const of = source?.id ?? null;
    const made = run({ id, kind, of, cause: foreign(`undo of run ${of ?? id}`), started: at, steps: inverse });
    for (const one of this.runs)
      if (one.steps.some((step) => undone.includes(step))) this.write(this.#marked(one, undone));
    this.write(made);
    return { run: made, refused };
  }

  /** Does failed steps again, as a run of their own, and counts those that fail again. */
  retry(isMeant: (step: Step) => boolean, fails: boolean, at: string): { run: Run; failed: number } {
    const steps = this.runs.flatMap((one) => one.steps).filter((step) => step.state === "failed" && isMeant(step));
    if (steps.length === 0) throw { code: "refused", message: "That step has not failed.", hint: null };
    const id = Math.max(...this.runs.map((one) => one.id)) + 1;
    const again = steps.map((step, i): Step => ({
      ...step,
      id: id * 100 + i,
      run: id,
      step: i,
      at,
      state: fails ? "failed" : "done",
      error: fails ? step.error : null,
    }));
    const cause = said("cause-again", { rule: steps[0]?.rule ?? "" });
    const made = run({ id, kind: "sweep", cause, started: at, steps: again });
    this.write(made);
    return { run: made, failed: fails ? again.length : 0 };
  }

  /** The run that is meant, where it is one, and the steps. */
  #asked(target: UndoTarget): [Run | null, Step[]] {
    if (target.what === "since") {
      const { since, rule } = target;
      const meant = this.runs.filter((one) => one.kind !== "undo" && Date.parse(one.started) >= Date.parse(since));
      return [null, meant.flatMap((one) => one.steps).filter((step) => rule === null || step.rule_id === rule)];
    }
    const isMeant = (one: Run) =>
      target.what === "run"
        ? one.id === target.run
        : target.what === "step"
          ? one.steps.some((step) => step.id === target.step)
          : one.undoable && (one.kind === "undo") === (target.what === "last_undo");
    const source = this.runs.find(isMeant);
    if (!source && (target.what === "last" || target.what === "last_undo")) return [null, []];
    if (!source) throw { code: "not_found", message: foreign("The journal has no such run."), hint: null };
    return [source, source.steps.filter((step) => target.what !== "step" || step.id === target.step)];
  }

  #sort(asked: Step[], rename: boolean): [Step[], RefusedStep[]] {
    const open = asked.filter((step) => step.state === "done" && step.not_undoable === null);
    const isRefused = (step: Step) => this.taken.has(step.id) && !rename;
    const refused = open
      .filter(isRefused)
      .map((step) => ({ step, reason: said("undo-taken", { path: step.from ?? "" }) }));
    return [open.filter((step) => !isRefused(step)), refused];
  }

  #back(step: Step, rename: boolean): string | null {
    return rename && this.taken.has(step.id) ? `${step.from} (2)` : step.from;
  }

  #inverse(step: Step, run: number, place: number, at: string, rename: boolean): Step {
    const to = this.#back(step, rename);
    return { ...step, id: run * 1000 + place, run, step: place, from: step.to, to, at, state: "done" };
  }

  #marked(source: Run, undone: Step[]): Run {
    const steps = source.steps.map((step) => (undone.includes(step) ? { ...step, state: "undone" as const } : step));
    return { ...source, steps, undoable: steps.some((step) => step.state === "done" && step.not_undoable === null) };
  }
}

function speaksOf(step: Step, wanted: string): boolean {
  return [step.rule, step.action, step.from ?? "", step.to ?? ""].some((text) => text.toLowerCase().includes(wanted));
}

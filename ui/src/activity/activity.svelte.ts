// The journal as the window shows it: pages of runs, kept fresh by notices, searched, and taken back.

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { LogPage } from "../api/LogPage";
import type { Refusal } from "../api/Refusal";
import type { RefusedStep } from "../api/RefusedStep";
import type { Run } from "../api/Run";
import type { RetryTarget } from "../api/RetryTarget";
import type { RunSummary } from "../api/RunSummary";
import type { Step } from "../api/Step";
import type { UndoPreview } from "../api/UndoPreview";
import type { UndoReport } from "../api/UndoReport";
import type { UndoTarget } from "../api/UndoTarget";
import type { Call } from "../platform/platform";
import type { Progress } from "../rules/rules.svelte";
import { UndoPlan } from "../undo/plan.svelte";
import { UndoSpan } from "../undo/span.svelte";
import { t } from "../words/words.svelte";
import { byDay, canUndo, opensByItself, query, rowsOf, withRun } from "./log";
import { isShorter, leftBefore, stretchAround, stretchBeside, stretchOf } from "./pages";
import { WhyPane } from "./why.svelte";
import { foreign } from "../platform/refusal";

/** What an undo came to; shown below the run it was asked for. */
export interface Outcome {
  /** The undo's own run, for taking it back again. */
  run: Run | null;
  refused: RefusedStep[];
  /** What was asked for, for asking again with free names. */
  target: UndoTarget;
  /** Why nothing was even tried. */
  refusal: Refusal | null;
}

const nothingToUndo = (): Refusal => ({ code: "refused", message: foreign(t("activity-nothing-to-undo")), hint: null });

const pageSize = 40;
const searchPause = 180;

/** The journal in the window. */
export class Activity {
  runs = $state.raw<Run[]>([]);
  more = $state(false);
  loaded = $state(false);
  loading = $state(false);
  failure = $state.raw<Refusal | null>(null);
  text = $state("");
  /** The line that is to be shown and stood on, once it is there. */
  wanted = $state<string | null>(null);
  /** The line the keyboard stands on. */
  cursor = $state<string | null>(null);
  /** How far the undo has come that goes on and takes long. */
  undoing = $state.raw<Progress | null>(null);
  readonly outcomes = new SvelteMap<number, Outcome>();
  readonly busy = new SvelteSet<number>();
  /** What is being tried again: `step-` or `rule-` with its id. */
  readonly retrying = new SvelteSet<string>();
  /** Runs that more steps are asked for of. */
  readonly extending = new SvelteSet<number>();
  readonly why: WhyPane;
  /** The undo that is asked for. */
  readonly plan: UndoPlan;
  readonly span: UndoSpan;
  readonly days = $derived(byDay(this.runs));
  readonly rows = $derived(rowsOf(this.runs, (run) => this.isOpen(run)));
  readonly #folds = new SvelteMap<number, boolean>();
  readonly #call: Call;
  /** Where the next page begins. Not simply the last run: one far back may have been asked for by itself. */
  #oldest: number | null = null;
  #question = 0;
  /** Runs that were heard of while a page was on its way: the page may be older than they are. */
  #overtaking: Run[] = [];
  /** Runs whose steps are older than they are, and are being asked for. */
  readonly #stale = new SvelteSet<number>();
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call) {
    this.#call = call;
    this.why = new WhyPane(call);
    this.plan = new UndoPlan(call);
    this.span = new UndoSpan(call);
  }

  /** Asks for the first page. Only the newest question is answered. */
  async load(): Promise<void> {
    const page = await this.#page({ limit: Math.max(pageSize, this.loaded ? Math.min(this.runs.length, 200) : 0) });
    if (!page) return;
    this.runs = this.#overtaking.reduce(
      withRun,
      page.runs.map((run) => this.#whole(run)),
    );
    this.#turn(page);
  }

  /** Asks for older runs. */
  async loadMore(): Promise<void> {
    if (!this.more || this.loading || this.#oldest === null) return;
    const page = await this.#page({ limit: pageSize, before: this.#oldest });
    if (!page) return;
    this.runs = this.#overtaking.reduce(withRun, page.runs.reduce(withRun, this.runs));
    this.#turn(page);
  }

  /** Looks for a text, once typing has paused. */
  search(text: string): void {
    this.text = text;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.load(), searchPause);
  }

  /** Takes in a run as it is now. */
  hear(run: Run): void {
    if (this.text.trim() !== "") this.search(this.text);
    else {
      const whole = this.#whole(run);
      this.runs = withRun(this.runs, whole);
      if (this.loading) this.#overtaking.push(whole);
    }
    if (run.of !== null && run.ended !== null) void this.#reload(run.of);
    if (run.ended !== null) void this.plan.look();
  }

  /** Whether the steps of a run show. */
  isOpen(run: Run): boolean {
    return this.#folds.get(run.id) ?? opensByItself(run);
  }

  /** Folds or unfolds a run; the steps a list leaves out are fetched. */
  fold(run: Run, open: boolean): void {
    this.#folds.set(run.id, open);
    if (open && run.steps.length < run.step_count) void this.#reload(run.id);
  }

  /** Asks for more steps of a run, at one end of those that are here. */
  async extend({ id }: Run, end: "before" | "behind"): Promise<void> {
    const known = () => this.runs.find((run) => run.id === id);
    const before = known();
    if (!before || this.extending.has(id)) return;
    this.extending.add(id);
    try {
      const params = query({ run: id, limit: 1, ...stretchBeside(before, end) });
      const [run] = (await this.#call<LogPage>({ method: "log", params })).runs;
      const now = known();
      // Where other steps are here by now, these may not be their neighbours.
      if (!run || !now || leftBefore(now) !== leftBefore(before) || now.steps.length !== before.steps.length) return;
      const steps = end === "before" ? [...run.steps, ...now.steps] : [...now.steps, ...run.steps];
      this.runs = withRun(this.runs, { ...run, steps });
    } catch {
      // The button is still there.
    } finally {
      this.extending.delete(id);
    }
  }

  /** Makes sure that a run is in the list and open, with the step at a place. */
  async show(run: number, place: number | null = null): Promise<boolean> {
    await this.#reload(run, place);
    const found = this.runs.find((other) => other.id === run);
    if (!found) return false;
    this.#folds.set(run, true);
    return true;
  }

  /** Asks to take back one step. */
  async undoStep(step: Step): Promise<void> {
    if (canUndo(step)) await this.ask(step.run, { what: "step", step: step.id, rename: false });
  }

  /** Asks to take back a run; taking back an undo is a redo. */
  async undoRun(run: Run): Promise<void> {
    if (run.undoable) await this.ask(run.id, { what: "run", run: run.id, rename: false });
  }

  /** Asks to take back the newest run that can be, where it stands. */
  undoLast(): Promise<void> {
    return this.#askNewest({ what: "last", rename: false });
  }

  /** Asks to do again what the newest undo that stands has taken back. */
  redoLast(): Promise<void> {
    return this.#askNewest({ what: "last_undo", rename: false });
  }

  async #askNewest(params: UndoTarget): Promise<void> {
    const { of } = await this.#call<UndoPreview>({ method: "preview_undo", params });
    if (of === null || !(await this.show(of))) throw nothingToUndo();
    await this.ask(of, { what: "run", run: of, rename: false });
    const run = this.runs.find((one) => one.id === of);
    this.cursor = this.rows.find((row) => row.run === run)?.key ?? null;
  }

  /** Does what was asked for. */
  async goUndo(): Promise<void> {
    const { about, target } = this.plan;
    this.leaveUndo();
    if (about !== null && target) await this.undo(about, target);
  }

  /** Puts the question away; the keyboard stands where it was. */
  leaveUndo(): void {
    this.plan.close();
    this.wanted = this.cursor;
  }

  /** Asks for an undo and keeps what it came to with the run it concerns. */
  async undo(about: number, target: UndoTarget): Promise<void> {
    if (this.busy.has(about)) return;
    this.busy.add(about);
    try {
      const report = await this.#call<UndoReport>({ method: "undo", params: target });
      this.outcomes.set(about, { run: report.run, refused: report.refused, target, refusal: null });
      if (report.run) this.runs = withRun(this.runs, report.run);
      await this.#reload(about);
    } catch (refusal) {
      this.outcomes.set(about, { run: null, refused: [], target, refusal: refusal as Refusal });
    } finally {
      this.busy.delete(about);
    }
  }

  /** Has a rule look again at what it has failed on; nothing where that is going on already. */
  async retry(params: RetryTarget): Promise<RunSummary | undefined> {
    const key = params.what === "step" ? `step-${params.step}` : `rule-${params.rule}`;
    if (this.retrying.has(key)) return undefined;
    this.retrying.add(key);
    try {
      return await this.#call<RunSummary>({ method: "retry", params });
    } finally {
      this.retrying.delete(key);
    }
  }

  /** Asks what an undo would do, below the run it is about. */
  async ask(about: number, target: UndoTarget): Promise<void> {
    if (this.busy.has(about)) return;
    this.outcomes.delete(about);
    await this.plan.ask(about, target);
  }

  #turn(page: LogPage): void {
    this.more = page.more;
    this.#oldest = page.runs.at(-1)?.id ?? this.#oldest;
  }

  /** A run as it is now, with the steps that are here where it came with fewer; those are then asked for again. */
  #whole(run: Run): Run {
    const known = this.runs.find((other) => other.id === run.id);
    if (!known || !this.isOpen(run) || !isShorter(run, known)) return run;
    if (!this.#stale.has(run.id)) void this.#freshen(run.id);
    return { ...run, steps: known.steps };
  }

  async #freshen(id: number): Promise<void> {
    this.#stale.add(id);
    await this.#reload(id);
    this.#stale.delete(id);
  }

  async #reload(id: number, place: number | null = null): Promise<void> {
    const known = () => this.runs.find((run) => run.id === id);
    const before = known();
    try {
      const stretch = place === null ? stretchOf(before) : stretchAround(place);
      const page = await this.#call<LogPage>({ method: "log", params: query({ run: id, limit: 1, ...stretch }) });
      const [run] = page.runs;
      // It was heard of meanwhile, so this may be older.
      if (known() !== before) return await this.#reload(id, place);
      if (run) this.runs = withRun(this.runs, run);
    } catch {
      // The list keeps what it has; the next notice or refresh brings the rest.
    }
  }

  async #page(parts: { limit: number; before?: number }): Promise<LogPage | undefined> {
    this.#question += 1;
    const question = this.#question;
    this.loading = true;
    this.#overtaking = [];
    const text = this.text.trim() === "" ? null : this.text.trim();
    try {
      const page = await this.#call<LogPage>({ method: "log", params: query({ ...parts, text }) });
      if (question !== this.#question) return undefined;
      this.failure = null;
      this.loaded = true;
      return page;
    } catch (refusal) {
      if (question === this.#question) this.failure = refusal as Refusal;
      return undefined;
    } finally {
      if (question === this.#question) this.loading = false;
    }
  }
}

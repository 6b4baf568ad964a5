// Composition: one store for each noun, fed by the owner's notices. Views find them through `window_context`.

import type { Notice } from "../api/Notice";
import type { Problem } from "../api/Problem";
import type { RetryTarget } from "../api/RetryTarget";
import type { RuleInfo } from "../api/RuleInfo";
import type { Step } from "../api/Step";
import type { TriggerEvent } from "../api/TriggerEvent";
import { Activity } from "../activity/activity.svelte";
import { announcementOf, attentionAnnouncement } from "../activity/announcing";
import { takesBack } from "../activity/log";
import { DayChart } from "../chart/chart.svelte";
import { Editor } from "../editor/editor.svelte";
import { isSchema, type Schema } from "../editor/schema";
import { FirstRun } from "../first_run/first_run.svelte";
import { offered } from "../gallery/offered";
import { newRule, type Ready } from "../gallery/ready";
import { Palette } from "../palette/palette.svelte";
import type { Platform, Stop } from "../platform/platform";
import { RuleBook } from "../rules/rules.svelte";
import { Keeping } from "../settings/keeping.svelte";
import { Preferences } from "../settings/preferences.svelte";
import { EventStream } from "../status/events.svelte";
import { Owner } from "../status/owner.svelte";
import { shorten } from "../words/path_text";
import { t, words } from "../words/words.svelte";
import { Shell } from "./shell.svelte";

/** The window: its stores and the host they speak to. */
export class UsherWindow {
  readonly shell = new Shell();
  readonly activity: Activity;
  readonly rules: RuleBook;
  readonly owner: Owner;
  readonly preferences: Preferences;
  readonly editor: Editor;
  readonly palette: Palette;
  readonly keeping: Keeping;
  readonly chart: DayChart;
  readonly events: EventStream;
  readonly firstRun: FirstRun;
  /** What rule files may hold; asked for when the first rule is written. */
  schema = $state.raw<Schema | null>(null);
  /** The user's home, for writing it as `~`. */
  home = $derived.by(() => this.owner.status?.home ?? "");

  /** A text of ours in the user's language, with the user's own folders in it. */
  readonly ours = (text: string): string => offered(text, this.owner.status?.user_folders);

  constructor(readonly platform: Platform) {
    const { call } = platform;
    this.activity = new Activity(call);
    this.rules = new RuleBook(call);
    this.owner = new Owner(call, (before, now) => {
      const said = attentionAnnouncement(before, now);
      if (said !== null) this.shell.announce(said);
    });
    this.preferences = new Preferences(call, platform);
    this.editor = new Editor(call);
    this.palette = new Palette(this);
    this.keeping = new Keeping(call, this.preferences);
    this.chart = new DayChart(call);
    this.events = new EventStream(platform);
    this.firstRun = new FirstRun(call, this.ours);
  }

  /** Listens and loads. Answers how to stop listening. */
  start(): Stop {
    words.speak("", this.platform.language());
    const stops = [
      this.platform.onNotice((notice) => this.#hear(notice)),
      this.platform.onHotkey((problem) => (this.preferences.hotkeyProblem = problem)),
      this.platform.onLink((up) => this.#link(up)),
      this.platform.onShown(() => void this.#shown()),
    ];
    void this.refresh().then(() => {
      // On the first day there is nothing to look at but how to begin.
      if (this.owner.status?.first_run) this.shell.open("rules");
      this.#painted();
    });
    return () => [...stops, () => this.editor.rest()].forEach((stop) => stop());
  }

  /** Asks for everything anew. */
  async refresh(): Promise<void> {
    await Promise.all([this.owner.load(), this.rules.load(), this.activity.load(), this.preferences.load()]);
    const failure = this.activity.failure ?? this.owner.failure;
    this.shell.linked = failure?.code !== "unreachable";
  }

  /** Does something that may be refused, and says so where it is. */
  async attempt<T>(deed: Promise<T>): Promise<T | undefined> {
    try {
      return await deed;
    } catch (refusal) {
      this.shell.report(refusal as Parameters<Shell["report"]>[0]);
      return undefined;
    }
  }

  /** Shows a path in the file manager. */
  async reveal(path: string): Promise<void> {
    await this.attempt(this.platform.call<null>({ method: "reveal", params: { path } }));
  }

  /** Opens a file that the journal names in the program the system has for it. */
  async openFile(path: string): Promise<void> {
    await this.attempt(this.platform.call<null>({ method: "open", params: { path } }));
  }

  /** Tries a step again that has failed, and says what came of it. */
  retryStep(step: number): Promise<void> {
    return this.#retry({ what: "step", step });
  }

  /** Tries everything again that a rule has failed on and that waits for the user. */
  retryRule(rule: string): Promise<void> {
    return this.#retry({ what: "rule", rule });
  }

  async #retry(target: RetryTarget): Promise<void> {
    const summary = await this.attempt(this.activity.retry(target));
    if (!summary) return;
    const { done, failed, lines, questions } = summary;
    const error = lines.find((line) => line.error !== null)?.error ?? null;
    if (failed > 0) this.shell.note(t("activity-retry-failed", { count: failed, done }), error);
    else if (questions.length > 0) this.shell.note(t("activity-retry-asks"));
    else if (done > 0) this.shell.note(t("activity-retry-done", { count: done }));
    else this.shell.note(t("activity-retry-nothing"));
    await this.owner.load();
  }

  /** Has the user choose a folder, beginning at one as rules write it; answers it the same way, with the home as `~`. */
  async pickFolder(begin: string | null): Promise<string | null> {
    const chosen = await this.pickWholeFolder(begin?.replace(/^~/, this.home));
    return chosen === null ? null : shorten(chosen, this.home);
  }

  /** The same, and the whole path as it is. */
  async pickWholeFolder(begin: string = this.home): Promise<string | null> {
    const picked = this.platform.pickFolder(begin === "" ? null : begin, t("shell-pick-folder"));
    return (await this.attempt(picked)) ?? null;
  }

  /** Shows a run in the activity, and one of its steps under the cursor. */
  async showRun(run: number, step: Step | null = null): Promise<void> {
    this.shell.open("activity");
    if (!(await this.activity.show(run, step?.step ?? null))) return;
    this.activity.wanted = step === null ? `run-${run}` : `step-${step.id}`;
  }

  /** Opens a rule in the editor; a new file where none is named. */
  async writeRule(file: string | null = null, rule: string | null = null): Promise<void> {
    if (!this.editor.close()) return this.shell.open("rules");
    this.shell.open("rules");
    void this.#learnSchema();
    if (file !== null) await this.attempt(this.editor.open(file, rule));
    else if (this.owner.status) this.editor.create(this.#freeFile(this.owner.status.places.rules), this.ours(newRule));
  }

  /** Opens the source of a rule file at one of its places. */
  async goToLine(place: Pick<Problem, "file" | "line" | "column">): Promise<void> {
    await this.writeRule(place.file);
    if (this.editor.file === place.file) this.editor.goTo(place);
  }

  /** Lets a rule show notifications, or not, and says so where that is refused. */
  async muteRule(rule: string, muted: boolean): Promise<void> {
    if (await this.preferences.mute(rule, muted)) return;
    const refusal = this.preferences.refusals.get("muted_rules");
    if (refusal) this.shell.report(refusal);
  }

  /** Whether there is anything to mute: a rule that notifies, while rules may. */
  notifies(rule: RuleInfo): boolean {
    const may = this.preferences.settings?.notifications ?? false;
    return may && rule.actions.some((action) => action.startsWith("notify"));
  }

  /** Opens a ready-made rule as a new file, to be looked at before anything is written. */
  async writeReady({ name, text }: Ready, own = this.ours(text)): Promise<void> {
    if (!this.editor.close() || !this.owner.status) return;
    void this.#learnSchema();
    this.editor.create(this.#freeFile(this.owner.status.places.rules, name), own);
  }

  /** Sees what the rule that was chosen first would do. */
  async lookAtFirst(event: TriggerEvent | null = null): Promise<void> {
    const file = this.#firstFile();
    if (file !== null) await this.firstRun.look(file, event);
  }

  /** Switches the rule on that was chosen first. From here on files move. */
  async enableFirst(): Promise<void> {
    const file = this.#firstFile();
    if (file === null || !(await this.firstRun.enable(file))) return;
    this.firstRun.go("welcome");
    await Promise.all([this.rules.load(), this.owner.load()]);
    this.shell.open("activity");
    this.shell.note(t("first-enabled"));
  }

  #firstFile(): string | null {
    const { rule } = this.firstRun;
    return rule && this.owner.status ? this.#freeFile(this.owner.status.places.rules, rule.name) : null;
  }

  /** Saves what is in the editor, and says so. */
  async saveRule(): Promise<void> {
    if (this.editor.changed && (await this.editor.save())) await this.#saved();
  }

  /** Writes the file in the editor that another program has taken away, and says so. */
  async rewriteRule(): Promise<void> {
    if (await this.editor.writeAgain()) await this.#saved();
  }

  async #saved(): Promise<void> {
    this.shell.note(t(this.editor.errors.length > 0 ? "editor-saved-broken" : "editor-saved"));
    await this.rules.load();
  }

  /** Has a screen reader say where something was moved to. */
  readonly announceMove = (nr: number, count: number, inGroup: boolean): void => {
    this.shell.announce(t(inGroup ? "editor-moved-in-group" : "editor-moved", { nr, count }));
  };

  async #learnSchema(): Promise<void> {
    if (this.schema !== null) return;
    const schema = await this.platform.call<unknown>({ method: "rule_schema" }).catch(() => null);
    if (isSchema(schema)) this.schema = schema;
  }

  /** A path in the rules folder that no rule file has. */
  #freeFile(folder: string, name = "rules"): string {
    const separator = folder.includes("\\") ? "\\" : "/";
    const taken = this.rules.files.map((file) => file.path);
    const pathOf = (nr: number) => `${folder}${separator}${name}${nr === 0 ? "" : `-${nr + 1}`}.yaml`;
    let nr = 0;
    while (taken.includes(pathOf(nr))) nr += 1;
    return pathOf(nr);
  }

  #hear(notice: Notice): void {
    this.shell.linked = true;
    switch (notice.type) {
      case "run":
        this.activity.hear(notice.run);
        if (notice.run.ended !== null) {
          if (takesBack(notice.run)) this.activity.undoing = null;
          this.rules.ran();
          this.chart.ran();
          this.shell.announce(announcementOf(notice.run));
        }
        break;
      case "status":
        this.owner.hear(notice.status);
        break;
      case "rules":
        this.rules.hear(notice.rules);
        void this.editor.look();
        break;
      case "message":
        this.shell.note(notice.title, notice.text);
        break;
      case "settings":
        this.preferences.hear(notice.settings);
        break;
      case "event":
        this.events.hear(notice.at, notice.event);
        break;
      case "progress":
        this.#progress(notice);
        break;
    }
  }

  #progress({ subjects, looked, of, undo, path }: Extract<Notice, { type: "progress" }>): void {
    if (undo) this.activity.undoing = { subjects, looked, of, path };
    else this.rules.progress = { subjects, looked, of, path };
  }

  #link(up: boolean): void {
    this.shell.linked = up;
    if (!up) return;
    // Nobody has told what happened meanwhile.
    void this.refresh();
    void this.events.again();
    void this.editor.look();
    this.chart.ran();
  }

  async #shown(): Promise<void> {
    this.shell.callSearch();
    this.#painted();
    await this.refresh();
  }

  /** Two frames on, what was rendered last is on the screen. */
  #painted(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => this.platform.painted()));
  }
}

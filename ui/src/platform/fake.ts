// The host's twin: an owner in memory. Component tests, `npm run dev` and pictures run on it; it is never shipped.

import french from "../../../locales/fr/owner.ftl?raw";
import type { Attention } from "../api/Attention";
import type { HeldBack } from "../api/HeldBack";
import type { Notice } from "../api/Notice";
import type { Refusal } from "../api/Refusal";
import type { Request } from "../api/Request";
import type { RuleFile } from "../api/RuleFile";
import type { RuleText } from "../api/RuleText";
import type { RunSummary } from "../api/RunSummary";
import type { Settings } from "../api/Settings";
import type { SettingsPatch } from "../api/SettingsPatch";
import type { Starter } from "../api/Starter";
import type { Status } from "../api/Status";
import type { Why } from "../api/Why";
import type { Found } from "../api/Found";
import { fit, fitting } from "../palette/fits";
import { accountOf } from "./fake/account";
import { FakeTexts } from "./fake/editing";
import { FakeJournal } from "./fake/journal";
import { schema } from "./fake/schema";
import { spaceOf } from "./fake/space";
import { before, home, ruleInfo, run, seedRules, seedRuns, seedStatus, step } from "./fake/seed";
import type { Platform, Stop } from "./platform";
import { foreign } from "./refusal";

type Method = Request["method"];
type ParamsOf<M extends Method> = Extract<Request, { method: M }> extends { params: infer P } ? P : undefined;

const unreachable: Refusal = {
  code: "unreachable",
  message: foreign("Usher does not answer."),
  hint: foreign("It is being started again."),
};

/** An owner in memory, and the host that speaks to it. */
export class Fake implements Platform {
  readonly journal: FakeJournal;
  readonly texts = new FakeTexts();
  status: Status;
  files: RuleFile[];
  settings: Settings = {
    hotkey: "Ctrl+Alt+Space",
    hide_on_blur: true,
    grace_seconds: 30,
    language: "",
    theme: "",
    notifications: true,
    quiet_hours: "",
    digest: "",
    muted_rules: [],
    keep_days: 0,
    vault_megabytes: 0,
  };
  /** Everything that was asked, in order. */
  readonly asked: Request[] = [];
  /** Chords that another program holds. */
  readonly takenChords = new Set(["Ctrl+Alt+T"]);
  /** A method whose next answer waits until somebody asks for the run to be stopped. */
  holds: Method | null = null;
  /** What a run is foreseen to come to, beside its steps. */
  foreseen: Partial<RunSummary> = {};
  /** What an event that is played finds held back. */
  heldBack: HeldBack[] = [];
  /** Whether no setting can be written. */
  refusesSettings = false;
  /** Whether what has failed goes on failing. */
  stillBroken = false;
  /** Folders that the user will choose, one after the other, some of them refused; then none. */
  picks: (string | Refusal)[] = [];
  /** What the folder dialog was opened with. */
  readonly picking: { begin: string | null; title: string }[] = [];
  /** Whether raw events are heard. */
  following = false;
  hidden = 0;
  frames = 0;
  hotkeyTrouble: string | null = null;
  up = true;
  launch = true;
  tag = "en-GB";
  #letGo: () => void = () => undefined;
  readonly #notices = new Set<(notice: Notice) => void>();
  readonly #links = new Set<(up: boolean) => void>();
  readonly #shows = new Set<() => void>();
  readonly #hotkeys = new Set<(problem: string | null) => void>();

  constructor(
    older = 0,
    readonly now: () => number = Date.now,
  ) {
    this.journal = new FakeJournal(seedRuns(now(), older));
    this.status = seedStatus(now());
    this.files = seedRules(now());
  }

  // Host.

  readonly call = async <T>(request: Request): Promise<T> => {
    this.asked.push(request);
    if (!this.up) throw unreachable;
    let answer = this.#answer(request);
    if (request.method === this.holds) {
      this.holds = null;
      await new Promise<void>((done) => (this.#letGo = done));
      answer = { ...(answer as RunSummary), cut_short: true };
    }
    if (request.method === "stop_run") this.#stop(request.params.woken);
    // An answer crosses a wire: nobody shares objects with the owner.
    return structuredClone(answer) as T;
  };

  readonly onNotice = (listener: (notice: Notice) => void): Stop => join(this.#notices, listener);
  readonly onLink = (listener: (up: boolean) => void): Stop => join(this.#links, listener);
  readonly onShown = (listener: () => void): Stop => join(this.#shows, listener);
  readonly onHotkey = (listener: (problem: string | null) => void): Stop => join(this.#hotkeys, listener);
  readonly followEvents = async (on: boolean): Promise<void> => {
    if (on && !this.up) throw unreachable;
    this.following = on;
  };
  readonly pickFolder = async (begin: string | null, title: string): Promise<string | null> => {
    this.picking.push({ begin, title });
    const picked = this.picks.shift() ?? null;
    if (picked !== null && typeof picked === "object") throw picked;
    return picked;
  };
  readonly hotkeyProblem = async (): Promise<string | null> => this.hotkeyTrouble;
  readonly hide = (): void => void (this.hidden += 1);
  readonly painted = (): void => void (this.frames += 1);
  readonly launchAtLogin = async (): Promise<boolean> => this.launch;
  readonly setLaunchAtLogin = async (on: boolean): Promise<boolean> => (this.launch = on);
  readonly ownerWords = (language: string): Promise<string> => Promise.resolve(language === "fr" ? french : "");
  readonly language = (): string => this.tag;
  readonly isMac = (): boolean => false;

  // What happens to it.

  /** Tells every client something, where it is heard. */
  tell(notice: Notice): void {
    if (!this.up) return;
    for (const listener of this.#notices) listener(structuredClone(notice));
  }

  /** Cuts or restores the link. */
  link(up: boolean): void {
    this.up = up;
    for (const listener of this.#links) listener(up);
  }

  /** The chord of the settings works, or does not for a reason. */
  hotkey(problem: string | null): void {
    this.hotkeyTrouble = problem;
    for (const listener of this.#hotkeys) listener(problem);
  }

  /** Another program writes a rule file. */
  write(file: string, text: string): void {
    this.texts.texts.set(file, text);
    this.#reload(file);
  }

  /** Another program takes a rule file away. */
  lose(file: string): void {
    this.texts.texts.delete(file);
    this.files = this.files.filter((one) => one.path !== file);
    this.tell({ type: "rules", rules: { files: this.files } });
  }

  /** The settings are changed elsewhere. */
  prefer(changes: Partial<Settings>): void {
    this.settings = { ...this.settings, ...changes };
    this.tell({ type: "settings", settings: this.settings });
  }

  /** Shows the window again. */
  show(): void {
    for (const listener of this.#shows) listener();
  }

  /** A file arrives and a rule moves it. */
  arrive(name: string): void {
    const at = before(this.now(), 0);
    const id = Math.max(0, ...this.journal.runs.map((one) => one.id)) + 1;
    const to = `${home}/Documents/Invoices/2026/${name}`;
    const made = run({
      id,
      started: at,
      steps: [step({ id: id * 1000, run: id, at, from: `${home}/Downloads/${name}`, to })],
    });
    this.journal.write(made);
    this.tell({ type: "run", run: made });
  }

  /** Forgets everything, as on the first day. */
  empty(): void {
    this.journal.runs = [];
    this.files = [];
    this.status = {
      ...this.status,
      state: "watching",
      first_run: true,
      rules_enabled: 0,
      rules_total: 0,
      folders: [],
      attention: [],
    };
  }

  // Owner.

  #answer(request: Request): unknown {
    switch (request.method) {
      case "status":
        return this.status;
      case "rules":
        return { files: this.files };
      case "set_rule_enabled":
        return this.#setRuleEnabled(request.params);
      case "create_starter":
        return this.#createStarter();
      case "rule_text":
        return this.texts.read(request.params.file);
      case "check_rules":
        return this.texts.check(request.params.file, request.params.text);
      case "save_rules":
        return this.#save(request.params);
      case "rule_schema":
        return schema;
      case "preview":
        return this.texts.preview(request.params);
      case "search":
        return this.#search(request.params.text, request.params.limit ?? 50);
      case "log":
        return this.journal.page(request.params);
      case "undo":
        return this.journal.undo(request.params, before(this.now(), 0));
      case "chart":
        return this.journal.chart(request.params.days, this.now());
      case "space":
        return spaceOf(request.params ?? this.settings);
      case "free_space":
        return spaceOf({ keep_days: 0, vault_megabytes: 0 });
      case "preview_undo":
        return this.journal.preview(request.params);
      case "why":
        return this.#why(request.params);
      case "pause":
        return this.#pause(request.params);
      case "resume":
        return (this.status = { ...this.status, state: "watching", paused_until: null });
      case "run":
        return this.#run(request.params);
      case "trigger":
        return request.params.simulate
          ? { ...this.#run({ ...anyRun, simulate: true }), held_back: this.heldBack }
          : { woken: [], held_back: this.heldBack };
      case "retry":
        return this.#retry(request.params);
      case "answer":
        return this.#answered(request.params);
      case "dismiss":
        return this.#dismiss(request.params);
      case "settings":
        return this.settings;
      case "set_settings":
        return this.#setSettings(request.params);
      case "open_rules":
      case "open":
      case "reveal":
      case "stop_run":
      case "subscribe":
      case "quit":
        return null;
      case "owner":
        return { version: this.status.version, pid: this.status.pid, resident: true };
    }
  }

  #stop(woken: boolean): void {
    if (!woken) return this.#letGo();
    this.status = { ...this.status, woken: null };
    this.tell({ type: "status", status: this.status });
  }

  #search(typed: string, limit: number): Found {
    const all = this.journal.runs.flatMap((one) => one.steps);
    const fits = (text: string) => typed !== "" && fit(text, typed) > 0;
    const rules = this.files.flatMap(({ path, rules }) => rules.map((rule) => ({ ...rule, file: path })));
    return {
      rules: rules
        .filter((rule) => fits(rule.title))
        .map(({ id, title, file, enabled }) => ({ id, title, file, enabled })),
      folders: this.status.folders.filter((folder) => fits(folder.path)),
      runs: this.journal.runs.filter((one) => String(one.id) === typed.replace("#", "")),
      steps: (typed === "" ? [] : fitting(all, typed, (step) => `${step.to ?? ""} ${step.from ?? ""}`)).slice(0, limit),
      looked_at: all.length,
    };
  }

  #setRuleEnabled({ rule, enabled }: ParamsOf<"set_rule_enabled">): { files: RuleFile[] } {
    this.files = this.files.map((file) => ({
      ...file,
      rules: file.rules.map((one) => (one.id === rule ? { ...one, enabled } : one)),
    }));
    return { files: this.files };
  }

  #save(saving: ParamsOf<"save_rules">): RuleText {
    const saved = this.texts.save(saving);
    this.#reload(saving.file);
    return saved;
  }

  /** Takes a rule file in as it is now; the rules of one with a mistake stay those of its last good version. */
  #reload(path: string): void {
    const { digest, problems, rules } = this.texts.read(path);
    const known = this.files.find((file) => file.path === path);
    const stale = problems.length > 0;
    const infos = rules.map((rule) => ({ ...known?.rules.find((one) => one.id === rule.id), ...rule }));
    const file = {
      path,
      digest: stale && known ? known.digest : digest,
      loaded: before(this.now(), 0),
      stale,
      problems,
      rules: stale ? (known?.rules ?? []) : infos,
    };
    this.files = [...this.files.filter((one) => one !== known), file];
    this.tell({ type: "rules", rules: { files: this.files } });
  }

  #createStarter(): Starter {
    const file = `${home}/.config/usher/rules/starter.yaml`;
    const sandbox = `${home}/Usher sandbox`;
    const rules = [
      ruleInfo({
        id: "starter-1",
        title: "Pictures by month",
        enabled: false,
        locations: [sandbox],
        filters: ["kind image"],
        actions: ["move to {location}/Pictures/{created.year}/"],
      }),
      ruleInfo({
        id: "starter-2",
        title: "Old installers to the trash",
        enabled: false,
        locations: [sandbox],
        filters: ["extension deb, dmg, exe"],
        actions: ["trash"],
        line: 12,
      }),
    ];
    this.files = [
      { path: file, digest: "b3:000001", loaded: before(this.now(), 0), stale: false, problems: [], rules },
    ];
    this.status = { ...this.status, first_run: false, rules_total: rules.length };
    return { file, sandbox };
  }

  #why({ path }: ParamsOf<"why">): Why {
    const steps = this.journal.runs.flatMap((one) => one.steps).filter((one) => one.from === path || one.to === path);
    const [newest] = steps;
    return accountOf(path, steps, newest === undefined || newest.to === path || newest.state !== "done");
  }

  #pause(wish: ParamsOf<"pause">): Status {
    const paused_until =
      wish.for === "seconds"
        ? before(this.now(), -1000 * wish.seconds)
        : wish.for === "tomorrow"
          ? before(this.now(), -16 * 3_600_000)
          : null;
    return (this.status = { ...this.status, state: "paused", paused_until });
  }

  #run({ rule, simulate }: ParamsOf<"run">): RunSummary {
    if (rule === "photos")
      throw {
        code: "refused",
        message: `${home}/Pictures/Inbox is not there.`,
        hint: "Make the folder, or change the rule.",
      };
    const lines = ["a", "b"].map((name) => ({
      rule: rule ?? "Invoices",
      rule_name: "Invoices",
      rule_nr: 0,
      action: "move",
      path: `/home/ada/Downloads/invoice ${name}.pdf`,
      root: "/home/ada/Downloads",
      text: foreign(`move ~/Downloads/invoice ${name}.pdf -> ~/Documents/Invoices/2026/`),
      note: null,
      error: null,
      irreversible: null,
      conflict: null,
    }));
    return {
      run: simulate ? null : 210,
      lines,
      left_out: [],
      done: simulate ? 0 : lines.length,
      unchanged: 0,
      failed: 0,
      questions: [],
      held_back: [],
      cut_short: false,
      stopped: false,
      ...(simulate ? this.foreseen : {}),
    };
  }

  #retry(target: ParamsOf<"retry">): RunSummary {
    const isMeant = (one: Attention) =>
      one.code === "failed_step" && target.what === "rule" && one.rule === target.rule;
    const meant = this.status.attention.filter(isMeant).map((one) => one.run);
    const { run, failed } = this.journal.retry(
      (step) => (target.what === "step" ? step.id === target.step : meant.includes(step.run)),
      this.stillBroken,
      before(this.now(), 0),
    );
    if (failed === 0) {
      const attention = this.status.attention.filter((one) => !meant.includes(one.run) || !isMeant(one));
      this.status = { ...this.status, attention };
    }
    this.tell({ type: "run", run });
    const lines = run.steps.map((step) => ({
      rule: step.rule,
      rule_name: step.rule,
      rule_nr: 0,
      action: step.action,
      path: step.from,
      root: null,
      text: step.text,
      note: null,
      error: step.error,
      irreversible: null,
      conflict: null,
    }));
    const done = run.steps.length - failed;
    return {
      run: run.id,
      lines,
      left_out: [],
      done,
      unchanged: 0,
      failed,
      questions: [],
      held_back: [],
      cut_short: false,
      stopped: false,
    };
  }

  #answered({ question }: ParamsOf<"answer">): RunSummary {
    const attention = this.status.attention.filter((one) => one.question !== question);
    this.status = { ...this.status, attention };
    return {
      run: null,
      lines: [],
      left_out: [],
      done: 0,
      unchanged: 0,
      failed: 0,
      questions: [],
      held_back: [],
      cut_short: false,
      stopped: false,
    };
  }

  #dismiss({ code, rule, run, path }: ParamsOf<"dismiss">): Status {
    const meant = (one: Attention) =>
      one.code === code &&
      (rule === null || one.rule === rule) &&
      (run === null || one.run === run) &&
      (path === null || one.path === path);
    const attention = this.status.attention.filter((one) => !meant(one));
    return (this.status = { ...this.status, attention });
  }

  #setSettings(patch: SettingsPatch): Settings {
    const { hotkey } = patch;
    if (hotkey !== null && this.takenChords.has(hotkey)) {
      throw { code: "refused", message: `Another program already uses ${hotkey}.`, hint: "Choose another chord." };
    }
    if (this.refusesSettings) {
      throw { code: "failed", message: "The settings cannot be written.", hint: null };
    }
    const changes = Object.entries(patch).filter(([, value]) => value !== null);
    return (this.settings = { ...this.settings, ...Object.fromEntries(changes) });
  }
}

/** A run of every rule. */
const anyRun: ParamsOf<"run"> = {
  rule: null,
  config: null,
  text: null,
  working_dir: null,
  tags: [],
  skip_tags: [],
  simulate: false,
  yes: false,
  asks: false,
};

function join<T>(listeners: Set<T>, listener: T): Stop {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

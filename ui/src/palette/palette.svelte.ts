// What is typed into the field on top, and what is found for it, letter by letter.

import FolderIcon from "@lucide/svelte/icons/folder";
import Layers from "@lucide/svelte/icons/layers";
import ListChecks from "@lucide/svelte/icons/list-checks";
import Redo2 from "@lucide/svelte/icons/redo-2";
import Search from "@lucide/svelte/icons/search";
import Undo2 from "@lucide/svelte/icons/undo-2";
import { actionIcon, actionWord } from "../activity/step_words";
import { placeNow, shownState } from "../activity/log";
import type { Folder } from "../api/Folder";
import type { Found } from "../api/Found";
import type { FoundRule } from "../api/FoundRule";
import type { Run } from "../api/Run";
import type { Step } from "../api/Step";
import type { UsherWindow } from "../shell/window.svelte";
import { nameOf } from "../words/path_text";
import { safeText } from "../words/safe_text";
import { t } from "../words/words.svelte";
import { commandsOf, settingsOf } from "./commands";
import { apart, linesOf, type Deed, type Entry } from "./entries";
import { fitting } from "./fits";

/** So many files are asked for; the list shows only those in sight. */
const mostFiles = 200;

/** What a step that is not simply done is called. */
const states = {
  intended: "activity-state-intended",
  failed: "activity-state-failed",
  partly: "activity-state-partly",
  undone: "activity-state-undone",
  irreversible: "activity-state-irreversible",
};

const nothing: Found = { rules: [], folders: [], runs: [], steps: [], looked_at: 0 };

/** The palette of a window. */
export class Palette {
  text = $state("");
  found = $state.raw<Found>(nothing);
  readonly #window: UsherWindow;
  /** The entry that the user moved to. It stays meant when more is found around it. */
  #chosen = $state<string | null>(null);
  #asking = false;
  /** The text that `found` is about. */
  #about = "";

  constructor(window: UsherWindow) {
    this.#window = window;
  }

  /** Whether commands alone are wanted. */
  readonly commanding = $derived(this.text.startsWith(">"));
  readonly wanted = $derived(this.text.replace(/^>/, "").trim());
  readonly isOpen = $derived(this.text.trim() !== "");
  readonly entries = $derived.by(() => (this.isOpen ? apart(this.#entries()) : []));
  readonly lines = $derived(linesOf(this.entries));
  /** Which entry Enter means: the first one, until the user moves. */
  readonly cursor = $derived(
    Math.max(
      0,
      this.entries.findIndex((entry) => entry.key === this.#chosen),
    ),
  );
  /** That entry. */
  readonly current = $derived(this.entries[this.cursor]);

  /** Takes what is in the field now. */
  type(text: string): void {
    this.text = text;
    this.#chosen = null;
    if (!this.commanding) void this.#ask();
  }

  /** Empties the field, which closes the list. */
  clear(): void {
    this.text = "";
    this.#chosen = null;
    this.found = nothing;
    this.#about = "";
  }

  /** Has the owner take the journal's names in, so that the first letter is as quick as the next. */
  warm(): void {
    if (!this.isOpen) void this.#ask();
  }

  /** Moves the cursor, round at both ends. */
  move(by: number): void {
    const count = this.entries.length;
    if (count > 0) this.choose((((this.cursor + by) % count) + count) % count);
  }

  /** Moves the cursor to an entry. */
  choose(nr: number): void {
    this.#chosen = this.entries[nr]?.key ?? null;
  }

  /** Does what an entry is for, and closes the list. */
  async open(entry: Entry | undefined, how: Deed = "open"): Promise<void> {
    const deed = entry?.[how];
    if (!deed) return;
    this.clear();
    await deed();
  }

  /** One question at a time: what is typed while an answer is on its way is asked for next, once. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      do {
        this.#about = this.wanted;
        const params = { text: this.#about, limit: mostFiles };
        this.found = await this.#window.platform.call<Found>({ method: "search", params });
      } while (this.#about !== this.wanted && !this.commanding && this.isOpen);
    } catch {
      // Without the owner there are still commands; the banner says that it does not answer.
      this.found = nothing;
    } finally {
      this.#asking = false;
    }
  }

  #entries(): Entry[] {
    const window = this.#window;
    const commands = fitting(commandsOf(window), this.wanted, (entry) => entry.title);
    if (this.commanding) return commands;
    const { rules, folders, runs, steps } = this.found;
    const settings = fitting(settingsOf(window), this.wanted, (entry) => entry.title);
    return [
      ...rules.map((rule) => ruleEntry(window, rule)),
      ...settings.slice(0, 3),
      ...folders.map((folder) => folderEntry(window, folder)),
      ...runs.flatMap((run) => [runEntry(window, run), ...undoEntry(window, run)]),
      ...steps.map((step) => fileEntry(window, step)),
      narrowing(window, this.wanted),
    ];
  }
}

function ruleEntry(window: UsherWindow, rule: FoundRule): Entry {
  return {
    key: `rule ${rule.id}`,
    group: "rules",
    icon: ListChecks,
    title: safeText(rule.title),
    detail: rule.enabled ? safeText(nameOf(rule.file)) : t("palette-rule-off", { file: nameOf(rule.file) }),
    open: () => window.writeRule(rule.file, rule.id),
    reveal: () => window.reveal(rule.file),
  };
}

function folderEntry(window: UsherWindow, folder: Folder): Entry {
  const reveal = () => window.reveal(folder.path);
  return {
    key: `folder ${folder.path}`,
    group: "folders",
    icon: FolderIcon,
    title: folder.path,
    isPath: true,
    open: () => window.shell.open("status", `folder ${folder.path}`),
    reveal,
  };
}

function runEntry(window: UsherWindow, run: Run): Entry {
  return {
    key: `run ${run.id}`,
    group: "runs",
    icon: Layers,
    title: t("palette-run", { run: String(run.id), rules: run.rules.join(", ") }),
    at: run.started,
    open: () => window.showRun(run.id),
  };
}

/** What takes a run back that was found; it says first what that would do. */
function undoEntry(window: UsherWindow, run: Run): Entry[] {
  if (!run.undoable) return [];
  const redo = run.kind === "undo";
  const open = async () => {
    await window.showRun(run.id);
    await window.attempt(window.activity.undoRun(run));
  };
  const title = t(redo ? "palette-redo-run" : "palette-undo-run", { run: String(run.id) });
  return [{ key: `undo run ${run.id}`, group: "runs", icon: redo ? Redo2 : Undo2, title, open }];
}

function fileEntry(window: UsherWindow, step: Step): Entry {
  const place = placeNow(step) ?? "";
  const state = shownState(step);
  return {
    key: `file ${step.id}`,
    group: "files",
    icon: actionIcon(step.action),
    title: place,
    isPath: true,
    detail: state === "done" ? actionWord(step.action) : t(states[state]),
    at: step.at,
    open: () => window.showRun(step.run, step),
    reveal: () => window.reveal(place),
    openFile: () => window.openFile(place),
  };
}

/** The last line: the activity with only the runs that have the text in them. */
function narrowing(window: UsherWindow, text: string): Entry {
  return {
    key: "narrow",
    group: "files",
    icon: Search,
    title: t("palette-narrow", { text }),
    open: () => {
      window.activity.search(text);
      window.shell.open("activity");
    },
  };
}

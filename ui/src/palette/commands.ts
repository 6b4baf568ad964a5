// Everything the window can be told by name. Settings are commands that lead to their place.

import BellOff from "@lucide/svelte/icons/bell-off";
import BellRing from "@lucide/svelte/icons/bell-ring";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import CircleStop from "@lucide/svelte/icons/circle-stop";
import CircleX from "@lucide/svelte/icons/circle-x";
import FilePlus from "@lucide/svelte/icons/file-plus";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import History from "@lucide/svelte/icons/history";
import Keyboard from "@lucide/svelte/icons/keyboard";
import PanelTop from "@lucide/svelte/icons/panel-top";
import Play from "@lucide/svelte/icons/play";
import Radio from "@lucide/svelte/icons/radio";
import Redo2 from "@lucide/svelte/icons/redo-2";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import Save from "@lucide/svelte/icons/save";
import Settings2 from "@lucide/svelte/icons/settings-2";
import ToggleLeft from "@lucide/svelte/icons/toggle-left";
import Undo2 from "@lucide/svelte/icons/undo-2";
import { ruleName } from "../activity/attention_words";
import type { PauseFor } from "../api/PauseFor";
import type { RuleInfo } from "../api/RuleInfo";
import { ready } from "../gallery/ready";
import type { SettingName } from "../settings/preferences.svelte";
import { views, type View } from "../shell/shell.svelte";
import type { UsherWindow } from "../shell/window.svelte";
import { safeText } from "../words/safe_text";
import { t } from "../words/words.svelte";
import type { Entry } from "./entries";

type Parts = Omit<Entry, "group" | "key"> & { id: string };

const command = ({ id, ...parts }: Parts): Entry => ({ key: `command ${id}`, group: "commands", ...parts });

const viewLabels: Record<View, string> = {
  activity: "palette-open-activity",
  rules: "palette-open-rules",
  status: "palette-open-status",
  settings: "palette-open-settings",
};

const pauses: { label: string; pause: PauseFor }[] = [
  { label: "palette-pause-hour", pause: { for: "seconds", seconds: 3600 } },
  { label: "palette-pause-tomorrow", pause: { for: "tomorrow" } },
  { label: "palette-pause-until-resumed", pause: { for: "until_resumed" } },
];

/** Every command, in the order of a list that nothing was typed for. */
export function commandsOf(window: UsherWindow): Entry[] {
  const all = window.rules.files.flatMap((file) => file.rules);
  return [
    // What comes first is what Enter means before a letter was typed: nothing that acts without a further question.
    ...undoing(window),
    ...waiting(window),
    ...pausing(window),
    ...viewing(window),
    ...writing(window),
    ...all.flatMap(ofRule),
    ...starting(window),
  ];

  function ofRule(rule: RuleInfo): Entry[] {
    return commandsOfRule(window, rule);
  }
}

/** What waits for the user or goes on: questions, what has failed, runs to be stopped. */
function waiting(window: UsherWindow): Entry[] {
  const { owner, rules } = window;
  const { attention = [], woken = null } = owner.status ?? {};
  const asked = attention.flatMap(({ question, rule }) => {
    if (question === null) return [];
    const name = { rule: safeText(ruleName(rule)) };
    const answer = (yes: boolean) => () => void window.attempt(owner.answer(question, yes));
    return [
      command({ id: `yes ${question}`, icon: CircleCheck, title: t("palette-answer-yes", name), open: answer(true) }),
      command({ id: `no ${question}`, icon: CircleX, title: t("palette-answer-no", name), open: answer(false) }),
    ];
  });
  const failed = attention.flatMap(({ code, rule }) => {
    if (code !== "failed_step" || rule === null) return [];
    const title = t("palette-retry-rule", { rule: safeText(ruleName(rule)) });
    return [command({ id: `retry ${rule}`, icon: RotateCw, title, open: () => window.retryRule(rule) })];
  });
  const running = rules.files.flatMap((file) => file.rules).find((rule) => rule.id === rules.running);
  const stops: [string | undefined, () => Promise<void>][] = [
    [running?.title, () => rules.stop()],
    [woken?.rule, () => rules.stopWoken(woken?.run ?? null)],
  ];
  const stopping = stops.flatMap(([rule, stop], i) => {
    if (rule === undefined) return [];
    const title = t("palette-stop-run", { rule: safeText(rule) });
    return [command({ id: `stop ${i}`, icon: CircleStop, title, open: () => void window.attempt(stop()) })];
  });
  return [...asked, ...stopping, ...failed];
}

/** The ready-made rules, each to begin a file with. */
function starting(window: UsherWindow): Entry[] {
  return ready.map((rule) => {
    const open = () => {
      window.shell.open("rules");
      return window.writeReady(rule);
    };
    return command({
      id: `ready ${rule.name}`,
      icon: FilePlus,
      title: t("palette-ready", { rule: t(rule.title) }),
      open,
    });
  });
}

function undoing(window: UsherWindow): Entry[] {
  const { activity } = window;
  const ask = (deed: Promise<void>) => {
    window.shell.open("activity");
    void window.attempt(deed);
  };
  return [
    command({ id: "undo", icon: Undo2, title: t("palette-undo-last"), open: () => ask(activity.undoLast()) }),
    command({
      id: "undo since",
      icon: History,
      title: t("palette-undo-since"),
      open: () => activity.span.open(null),
    }),
    command({ id: "redo", icon: Redo2, title: t("palette-redo"), open: () => ask(activity.redoLast()) }),
  ];
}

function pausing(window: UsherWindow): Entry[] {
  const { owner } = window;
  if (owner.status?.state === "paused") {
    const open = () => void window.attempt(owner.resume());
    return [command({ id: "resume", icon: Play, title: t("palette-resume"), open })];
  }
  return pauses.map(({ label, pause }) =>
    command({ id: label, icon: CirclePause, title: t(label), open: () => void window.attempt(owner.pause(pause)) }),
  );
}

function viewing(window: UsherWindow): Entry[] {
  const opening = views.map((view, i) =>
    command({
      id: view,
      icon: PanelTop,
      title: t(viewLabels[view]),
      chord: `Mod+${i + 1}`,
      open: () => window.shell.open(view),
    }),
  );
  const open = () => void (window.shell.sheet = true);
  const events = () => {
    window.events.shown = true;
    window.shell.open("status", "events");
  };
  return [
    ...opening,
    command({ id: "events", icon: Radio, title: t("palette-events"), open: events }),
    command({ id: "sheet", icon: Keyboard, title: t("palette-sheet"), chord: "?", open }),
  ];
}

function writing(window: UsherWindow): Entry[] {
  const folder = () => void window.attempt(window.rules.edit(null));
  const save = command({
    id: "save",
    icon: Save,
    title: t("sheet-save"),
    chord: "Mod+S",
    open: () => window.saveRule(),
  });
  return [
    ...(window.editor.changed ? [save] : []),
    command({ id: "new", icon: FilePlus, title: t("palette-new-rule"), open: () => window.writeRule() }),
    command({ id: "folder", icon: FolderOpen, title: t("palette-rules-folder"), open: folder }),
  ];
}

function commandsOfRule(window: UsherWindow, rule: RuleInfo): Entry[] {
  const { rules } = window;
  const name = { rule: safeText(rule.title) };
  const trying = (simulate: boolean) => {
    window.shell.open("rules");
    void (simulate ? rules.try(rule.id, true) : rules.ask(rule.id));
  };
  const switching = () => void window.attempt(rules.setEnabled(rule.id, !rule.enabled));
  return [
    command({
      id: `preview ${rule.id}`,
      icon: FlaskConical,
      title: t("palette-preview-rule", name),
      open: () => trying(true),
    }),
    command({ id: `run ${rule.id}`, icon: Play, title: t("palette-run-rule", name), open: () => trying(false) }),
    command({
      id: `undo ${rule.id}`,
      icon: History,
      title: t("palette-undo-rule", name),
      open: () => window.activity.span.open(rule),
    }),
    command({
      id: `switch ${rule.id}`,
      icon: ToggleLeft,
      title: t(rule.enabled ? "palette-switch-off" : "palette-switch-on", name),
      open: switching,
    }),
    ...(window.notifies(rule) ? [muting(window, rule)] : []),
  ];
}

function muting(window: UsherWindow, rule: RuleInfo): Entry {
  const muted = window.preferences.isMuted(rule.id);
  return command({
    id: `mute ${rule.id}`,
    icon: muted ? BellRing : BellOff,
    title: t(muted ? "rules-unmute-label" : "rules-mute-label", { rule: safeText(rule.title) }),
    open: () => window.muteRule(rule.id, !muted),
  });
}

/** The settings by the names they have in their view, each with its place there. */
const settings: [label: string, place: SettingName | "places"][] = [
  ["settings-launch", "launch_at_login"],
  ["settings-hotkey", "hotkey"],
  ["settings-notifications", "notifications"],
  ["settings-quiet", "quiet_hours"],
  ["settings-digest", "digest"],
  ["settings-muted", "muted_rules"],
  ["settings-blur", "hide_on_blur"],
  ["settings-grace", "grace_seconds"],
  ["settings-language", "language"],
  ["settings-theme", "theme"],
  ["settings-keep-days", "keep_days"],
  ["settings-vault-size", "vault_megabytes"],
  ["settings-places", "places"],
];

/** The settings, each leading to its place. */
export function settingsOf(window: UsherWindow): Entry[] {
  return settings.map(([label, place]) => ({
    key: `setting ${place}`,
    group: "settings",
    icon: Settings2,
    title: t(label),
    open: () => window.shell.open("settings", `setting ${place}`),
  }));
}

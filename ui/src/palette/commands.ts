// Everything the window can be told by name. Settings are commands that lead to their place.

import CirclePause from "@lucide/svelte/icons/circle-pause";
import FilePlus from "@lucide/svelte/icons/file-plus";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import History from "@lucide/svelte/icons/history";
import Keyboard from "@lucide/svelte/icons/keyboard";
import PanelTop from "@lucide/svelte/icons/panel-top";
import Play from "@lucide/svelte/icons/play";
import Redo2 from "@lucide/svelte/icons/redo-2";
import Settings2 from "@lucide/svelte/icons/settings-2";
import ToggleLeft from "@lucide/svelte/icons/toggle-left";
import Undo2 from "@lucide/svelte/icons/undo-2";
import type { PauseFor } from "../api/PauseFor";
import type { RuleInfo } from "../api/RuleInfo";
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
  return [...undoing(window), ...pausing(window), ...viewing(window), ...writing(window), ...all.flatMap(ofRule)];

  function ofRule(rule: RuleInfo): Entry[] {
    return commandsOfRule(window, rule);
  }
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
  return [...opening, command({ id: "sheet", icon: Keyboard, title: t("palette-sheet"), chord: "?", open })];
}

function writing(window: UsherWindow): Entry[] {
  const folder = () => void window.attempt(window.rules.edit(null));
  return [
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
  ];
}

/** The settings by the names they have in their view, each with its place there. */
const settings: [label: string, place: SettingName | "places"][] = [
  ["settings-launch", "launch_at_login"],
  ["settings-hotkey", "hotkey"],
  ["settings-notifications", "notifications"],
  ["settings-quiet", "quiet_hours"],
  ["settings-digest", "digest"],
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

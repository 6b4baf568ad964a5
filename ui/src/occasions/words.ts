// What nouns and their words are called. One that this window does not know is called by its own name.

import AlarmClock from "@lucide/svelte/icons/alarm-clock";
import BatteryCharging from "@lucide/svelte/icons/battery-charging";
import BatteryLow from "@lucide/svelte/icons/battery-low";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Files from "@lucide/svelte/icons/files";
import Folder from "@lucide/svelte/icons/folder";
import HardDrive from "@lucide/svelte/icons/hard-drive";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Lock from "@lucide/svelte/icons/lock";
import Monitor from "@lucide/svelte/icons/monitor";
import MousePointer from "@lucide/svelte/icons/mouse-pointer";
import Power from "@lucide/svelte/icons/power";
import Usb from "@lucide/svelte/icons/usb";
import Wifi from "@lucide/svelte/icons/wifi";
import { safeText } from "../words/safe_text";
import { t } from "../words/words.svelte";

const nouns: Record<string, { icon: typeof Wifi; label: string }> = {
  files: { icon: Files, label: "occasion-files" },
  folder: { icon: Folder, label: "occasion-folder" },
  volume: { icon: HardDrive, label: "occasion-volume" },
  usb: { icon: Usb, label: "occasion-usb" },
  power: { icon: BatteryCharging, label: "occasion-power" },
  battery: { icon: BatteryLow, label: "occasion-battery" },
  network: { icon: Wifi, label: "occasion-network" },
  session: { icon: Lock, label: "occasion-session" },
  idle: { icon: MousePointer, label: "occasion-idle" },
  display: { icon: Monitor, label: "occasion-display" },
  schedule: { icon: AlarmClock, label: "occasion-schedule" },
  hotkey: { icon: Keyboard, label: "occasion-hotkey" },
  started: { icon: Power, label: "occasion-started" },
};

const words: Record<string, string> = {
  "volume mounted": "occasion-mounted",
  "volume unmounted": "occasion-unmounted",
  "usb attached": "occasion-attached",
  "usb detached": "occasion-detached",
  "power ac": "occasion-ac",
  "power battery": "occasion-on-battery",
  "network online": "occasion-online",
  "network offline": "occasion-offline",
  "network connected": "occasion-connected",
  "network disconnected": "occasion-disconnected",
  "session locked": "occasion-locked",
  "session unlocked": "occasion-unlocked",
  "session suspend": "occasion-suspend",
  "session resume": "occasion-resume",
  "session shutdown": "occasion-shutdown",
  "session login": "occasion-login",
  "display connected": "occasion-connected",
  "display disconnected": "occasion-disconnected",
  "files changed": "occasion-changed",
  "files created": "occasion-file-created",
  "files closed": "occasion-file-closed",
  "files written": "occasion-file-written",
  "files moved_in": "occasion-file-moved-in",
  "files gone": "occasion-file-gone",
  "files rescan": "occasion-folder-rescan",
  "folder rescan": "occasion-folder-rescan",
  "folder watching": "status-mode-watching",
  "folder polling": "status-mode-polling",
  "folder missing": "status-mode-missing",
  "folder unreadable": "status-mode-unreadable",
  "battery level": "occasion-level",
  "schedule due": "occasion-due",
  "hotkey pressed": "occasion-pressed",
  "idle after": "occasion-idle-for",
  "idle back": "occasion-back",
  "started usher": "occasion-started-usher",
  "started rules": "occasion-started-rules",
  "missed run_once": "occasion-missed-run-once",
  "missed run_all": "occasion-missed-run-all",
  "missed skip": "occasion-missed-skip",
};

/** The icon of a noun. */
export function nounIcon(noun: string): typeof Wifi {
  return nouns[noun]?.icon ?? CircleQuestionMark;
}

/** The name of a noun. */
export function nounWord(noun: string): string {
  const known = nouns[noun];
  return known ? t(known.label) : safeText(noun);
}

/** What may be said of something, in a word. */
export function wordOf(param: string, word: string): string {
  const known = words[`${param} ${word}`];
  return known === undefined ? safeText(word) : t(known);
}

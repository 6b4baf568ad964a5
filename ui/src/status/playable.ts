// The events that can be played, and what each has to be told.

import type { TriggerEvent } from "../api/TriggerEvent";
import { labelOf } from "../editor/labels";
import { nounWord, wordOf } from "../occasions/words";
import { t } from "../words/words.svelte";

/** Something an event is told. */
export interface Detail {
  name: string;
  needed: boolean;
  words?: string[];
}

/** An event that can be played. */
export interface Playable {
  name: string;
  details: Detail[];
}

const needed = (name: string): Detail => ({ name, needed: true });
const more = (name: string, words?: string[]): Detail => ({ name, needed: false, ...(words && { words }) });
const yes = ["yes", "no"];
const drive = [needed("path"), more("label"), more("uuid"), more("removable", yes), more("network", yes)];
const device = ["name", "vendor", "product", "serial"].map((name) => more(name));
const connection = [needed("name"), more("kind", ["wifi", "ethernet", "mobile", "vpn", "other"])];
const screen = [needed("name"), more("count")];

/** Every event, by noun. */
export const playable: Playable[] = [
  { name: "files.created", details: [needed("path")] },
  { name: "files.rescan", details: [needed("path")] },
  { name: "volume.mounted", details: drive },
  { name: "volume.unmounted", details: drive },
  { name: "usb.attached", details: device },
  { name: "usb.detached", details: device },
  { name: "power.ac", details: [more("percent")] },
  { name: "power.battery", details: [more("percent")] },
  { name: "battery.level", details: [more("percent"), more("before")] },
  { name: "network.online", details: [] },
  { name: "network.offline", details: [] },
  { name: "network.connected", details: connection },
  { name: "network.disconnected", details: connection },
  ...["locked", "unlocked", "suspend", "resume", "shutdown", "login"].map((word) => ({
    name: `session.${word}`,
    details: [],
  })),
  { name: "idle.after", details: [needed("for")] },
  { name: "idle.back", details: [needed("for")] },
  { name: "display.connected", details: screen },
  { name: "display.disconnected", details: screen },
  { name: "schedule.due", details: [needed("rule")] },
  { name: "hotkey.pressed", details: [needed("keys")] },
  { name: "started", details: [more("reloaded", yes)] },
];

/** The name of an event for people. */
export function eventWord(name: string): string {
  const [noun = "", word] = name.split(".");
  return word === undefined ? nounWord(noun) : t("occasion-event", { noun: nounWord(noun), word: wordOf(noun, word) });
}

/** What a word that an event is told is called. */
export function choiceText(name: string, word: string): string {
  if (word === "yes") return t("occasion-yes");
  return word === "no" ? t("occasion-no") : labelOf("choice", word, name);
}

/** The event as the owner is told it. */
export function eventOf(name: string, told: Record<string, string>): TriggerEvent {
  const details = Object.fromEntries(
    Object.entries(told)
      .map(([key, value]) => [key, value.trim()])
      .filter(([, value]) => value !== ""),
  ) as Record<string, string>;
  if (name === "files.created") return { kind: "file", path: details["path"] ?? "" };
  if (name === "files.rescan") return { kind: "rescan", path: details["path"] ?? "" };
  return { kind: "machine", name, details };
}

/** Whether only doing it tells what comes of it: rules look at files when these are there. */
export function isOfFiles(name: string): boolean {
  return name.startsWith("files.");
}

// What steps are called, and which icon they carry. An action this window does not know is called by its own name.

import Archive from "@lucide/svelte/icons/archive";
import Bell from "@lucide/svelte/icons/bell";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Copy from "@lucide/svelte/icons/copy";
import FilePenLine from "@lucide/svelte/icons/file-pen-line";
import FileSymlink from "@lucide/svelte/icons/file-symlink";
import FolderInput from "@lucide/svelte/icons/folder-input";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import MessageSquare from "@lucide/svelte/icons/message-square";
import PackageOpen from "@lucide/svelte/icons/package-open";
import SquareArrowOutUpRight from "@lucide/svelte/icons/square-arrow-out-up-right";
import Tag from "@lucide/svelte/icons/tag";
import Terminal from "@lucide/svelte/icons/terminal";
import TextCursorInput from "@lucide/svelte/icons/text-cursor-input";
import CircleX from "@lucide/svelte/icons/circle-x";
import Trash from "@lucide/svelte/icons/trash";
import Wrench from "@lucide/svelte/icons/wrench";
import { t } from "../words/words.svelte";

const actions: Record<string, { icon: typeof Tag; label: string }> = {
  archive: { icon: Archive, label: "activity-action-archive" },
  confirm: { icon: CircleQuestionMark, label: "activity-action-confirm" },
  copy: { icon: Copy, label: "activity-action-copy" },
  delete: { icon: CircleX, label: "activity-action-delete" },
  echo: { icon: MessageSquare, label: "activity-action-echo" },
  extract: { icon: PackageOpen, label: "activity-action-extract" },
  hardlink: { icon: FileSymlink, label: "activity-action-hardlink" },
  macos_tags: { icon: Tag, label: "activity-action-tag" },
  move: { icon: FolderInput, label: "activity-action-move" },
  notify: { icon: Bell, label: "activity-action-notify" },
  open: { icon: SquareArrowOutUpRight, label: "activity-action-open" },
  python: { icon: Terminal, label: "activity-action-python" },
  rename: { icon: TextCursorInput, label: "activity-action-rename" },
  reveal: { icon: FolderOpen, label: "activity-action-reveal" },
  shell: { icon: Terminal, label: "activity-action-shell" },
  symlink: { icon: FileSymlink, label: "activity-action-symlink" },
  tag: { icon: Tag, label: "activity-action-tag" },
  trash: { icon: Trash, label: "activity-action-trash" },
  write: { icon: FilePenLine, label: "activity-action-write" },
};

/** The icon of an action. */
export function actionIcon(action: string): typeof Tag {
  return actions[action]?.icon ?? Wrench;
}

/** An action in the past tense. */
export function actionWord(action: string): string {
  const known = actions[action];
  return known ? t(known.label) : action;
}

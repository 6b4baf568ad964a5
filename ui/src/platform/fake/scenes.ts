// Situations worth looking at, by the name in the address: `fake.html?scene=paused&view=status&theme=dark&language=fr`.

import type { Fake } from "../fake";
import { before, home, run, step } from "./seed";

/** Names that try to be something else. */
export const hostileNames = [
  "invoice\u202Efdp.exe",
  "two\nlines\tand a tab.pdf",
  "<img src=x onerror=alert(1)>.pdf",
  "\u001b[31mred\u0007.pdf",
  "$(touch pwned) `id` && rm -rf.pdf",
  "zero\u200Bwidth\u2066isolate\u2069.pdf",
  "חשבונית 2026.pdf",
];

/** Each scene by name. */
export const scenes: Record<string, (fake: Fake) => void> = {
  usual: () => undefined,
  occasions: (fake) => {
    const when = `    when:
      - volume: mounted
        label: [EOS_DIGITAL, "SD*"]
        removable: true
      - schedule: { at: "18:30" }
        missed: skip
      - hotkey: Ctrl+Alt+I
      - idle: 10m
    while: { power: ac, battery: { above: 30 } }
`;
    const file = `${home}/.config/usher/rules/documents.yaml`;
    const text = fake.texts.texts.get(file) ?? "";
    fake.texts.texts.set(file, text.replace("    locations: ~/Downloads\n", `${when}    locations: ~/Downloads\n`));
  },
  told: (fake) => {
    const file = `${home}/.config/usher/rules/documents.yaml`;
    const text = `rules:
  - name: Old pictures to the archive
    locations: ~/Downloads
    subfolders: true
    filters:
      - kind: [image, video]
      - lastmodified: { days: 30, mode: older }
      - not name: { startswith: keep }
    actions:
      - move: { dest: ~/Pictures/, on_conflict: rename_new }
      - write: { outfile: ~/Pictures/list.txt, text: "{path.name}", mode: append }
    limit: 200
`;
    fake.texts.texts.set(file, text);
  },
  calm: (fake) => {
    fake.status = { ...fake.status, state: "watching", attention: [] };
  },
  importing: (fake) => {
    const path = "/media/ada/EOS_DIGITAL/DCIM/100CANON/IMG_1240.jpg";
    const woken = { rule: "Import the camera", run: 340, subjects: 1240, looked: 1250, of: 5000, path };
    fake.status = { ...fake.status, state: "watching", attention: [], woken };
  },
  "taking back": (fake) => {
    fake.status = { ...fake.status, state: "watching", attention: [] };
    const path = `${home}/Pictures/2026-06/IMG_4031.jpg`;
    const notice = { type: "progress", subjects: 128, looked: 128, of: 300, undo: true, path } as const;
    setTimeout(() => fake.tell(notice), 100);
  },
  first: (fake) => fake.empty(),
  paused: (fake) => {
    fake.status = { ...fake.status, state: "paused", paused_until: before(fake.now(), -3_600_000), attention: [] };
  },
  clash: (fake) => {
    fake.status = { ...fake.status, state: "watching", attention: [] };
    fake.hotkeyTrouble = "Ctrl+Alt+Space is held by another program; choose another chord in Settings";
  },
  unlinked: (fake) => void setTimeout(() => fake.link(false), 200),
  unreachable: (fake) => {
    fake.up = false;
  },
  taken: (fake) => void [311, 313].forEach((id) => fake.journal.taken.add(id)),
  live: (fake) => void setInterval(() => fake.arrive(`invoice ${Date.now() % 10_000}.pdf`), 4000),
  hostile: (fake) => {
    fake.status = { ...fake.status, state: "watching", attention: [] };
    fake.journal.runs = hostileNames.map((name, i) => {
      const at = before(fake.now(), i * 600_000);
      const to = `${home}/Documents/${name}`;
      return run({
        id: 50 - i,
        started: at,
        steps: [step({ id: 50 - i, run: 50 - i, at, from: `${home}/Downloads/${name}`, to })],
      });
    });
    // Locations may be listed twice, and names that are no text are told alike.
    const [folder] = fake.status.folders;
    const alike = `${home}/Downloads/caf\uFFFD`;
    if (folder) fake.status.folders = [folder, { ...folder, path: alike }, { ...folder, path: alike }];
    fake.files = fake.files.map((file) => ({
      ...file,
      rules: file.rules.map((rule) => ({ ...rule, locations: [...rule.locations, ...rule.locations] })),
    }));
    fake.texts.doubles = true;
  },
};

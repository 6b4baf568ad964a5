// What the fake owner begins with: an ordinary week of an ordinary user. Moments are told from the present backwards.

import type { Folder } from "../../api/Folder";
import type { NounInfo } from "../../api/NounInfo";
import type { RuleFile } from "../../api/RuleFile";
import type { RuleInfo } from "../../api/RuleInfo";
import type { Run } from "../../api/Run";
import type { Status } from "../../api/Status";
import type { Step } from "../../api/Step";
import { said } from "./said";
import { foreign } from "../refusal";

/** The user's home. */
export const home = "/home/ada";

const minute = 60_000;
const hour = 60 * minute;

/** A moment so many milliseconds before another, RFC 3339. */
export const before = (now: number, ms: number): string => new Date(now - ms).toISOString();

/** A rule with the given parts. */
export function ruleInfo(parts: Partial<RuleInfo> & Pick<RuleInfo, "id" | "title">): RuleInfo {
  return {
    line: 2,
    enabled: true,
    when: [],
    guards: [],
    locations: [`${home}/Downloads`],
    filters: [],
    actions: [],
    last_fired: null,
    steps_done: 0,
    ...parts,
  };
}

/** The machine's nouns, some of them needed by a rule. */
export function seedNouns(now: number): NounInfo[] {
  const unneeded = (noun: string): NounInfo => ({
    noun,
    mode: "unneeded",
    reason: null,
    state: null,
    facts: [],
    since: null,
    rules: [],
  });
  return [
    {
      noun: "volume",
      mode: "watching",
      reason: null,
      state: "BACKUP at /media/ada/BACKUP",
      facts: [{ code: "volume", name: "BACKUP", beside: "/media/ada/BACKUP", number: null }],
      since: before(now, 5 * hour),
      rules: ["Import the camera"],
    },
    unneeded("usb"),
    {
      noun: "power",
      mode: "watching",
      reason: null,
      state: "on mains power, 96 %",
      facts: [
        { code: "ac", name: null, beside: null, number: null },
        { code: "percent", name: null, beside: null, number: 96 },
      ],
      since: before(now, 12 * minute),
      rules: ["Import the camera"],
    },
    unneeded("network"),
    {
      noun: "session",
      mode: "unavailable",
      reason: foreign("systemd-logind does not run, so sleep and locks are not seen"),
      state: null,
      facts: [],
      since: null,
      rules: [],
    },
    unneeded("idle"),
    unneeded("display"),
  ];
}

/** A step with the given parts. */
export function step(parts: Partial<Step> & Pick<Step, "id" | "run" | "at">): Step {
  const made: Step = {
    step: 0,
    rule: "File invoices",
    rule_id: "invoices",
    action: "move",
    from: null,
    to: null,
    state: "done",
    text: foreign(""),
    error: null,
    not_undoable: null,
    ...parts,
  };
  return {
    ...made,
    text: parts.text ?? foreign([made.action, made.from, made.to && `-> ${made.to}`].filter(Boolean).join(" ")),
  };
}

/** A run of the given steps. */
export function run(parts: Partial<Run> & Pick<Run, "id" | "started" | "steps">): Run {
  return {
    kind: "event",
    cause: parts.steps[0]?.from ? foreign(parts.steps[0].from) : said("cause-looked"),
    ended: parts.started,
    of: null,
    rules: [...new Set(parts.steps.map((one) => one.rule))],
    step_count: parts.steps.length,
    failed: parts.steps.filter((one) => one.state === "failed").length,
    undoable: parts.steps.some((one) => one.state === "done" && one.not_undoable === null),
    ...parts,
  };
}

/** The rule files. */
export function seedRules(now: number): RuleFile[] {
  return [
    {
      path: `${home}/.config/usher/rules/documents.yaml`,
      digest: "b3:5f0c91",
      loaded: before(now, 3 * hour),
      stale: false,
      problems: [],
      rules: [
        ruleInfo({
          id: "invoices",
          title: "File invoices",
          filters: ["extension pdf", "filecontent (?i)invoice|facture"],
          actions: ["move to ~/Documents/Invoices/{created.year}/"],
          last_fired: before(now, 3 * minute),
          steps_done: 412,
        }),
        ruleInfo({
          id: "scans",
          title: "Name and sort scans",
          line: 14,
          locations: [`${home}/Desktop`, `${home}/Documents/Scanner`],
          filters: ["extension pdf, tiff", "name starts with scan"],
          actions: ["rename to {created.strftime('%Y-%m-%d')} {name}.{extension}", "move to ~/Documents/Scans/"],
          last_fired: before(now, 26 * hour),
          steps_done: 96,
        }),
      ],
    },
    {
      path: `${home}/.config/usher/rules/tidy.yaml`,
      digest: "b3:a7713e",
      loaded: before(now, 47 * hour),
      stale: true,
      problems: [
        {
          severity: "error",
          code: "unknown_filter",
          message: foreign("There is no filter called `lastmodifed`."),
          file: `${home}/.config/usher/rules/tidy.yaml`,
          line: 6,
          column: 9,
          source_line: "      - lastmodifed: { days: 30 }",
          length: 11,
          help: foreign("Did you mean `lastmodified`?"),
        },
      ],
      rules: [
        ruleInfo({
          id: "old-downloads",
          title: "Throw old downloads away",
          filters: ["lastmodified 30 days"],
          actions: ["trash"],
          last_fired: before(now, 30 * hour),
          steps_done: 1203,
        }),
        ruleInfo({
          id: "photos",
          title: "Photos by month",
          line: 11,
          enabled: false,
          locations: [`${home}/Pictures/Inbox`],
          filters: ["kind image"],
          actions: ["move to ~/Pictures/{exif.image.datetime.year}/"],
        }),
      ],
    },
  ];
}

/** The journal, newest first, with so many older runs at its end. */
export function seedRuns(now: number, older: number): Run[] {
  const downloads = `${home}/Downloads`;
  const invoices = `${home}/Documents/Invoices/2026`;
  const at = (ms: number) => before(now, ms);
  const scans = ["scan0007.pdf", "scan0008.pdf"].flatMap((name, i) => {
    const renamed = `${home}/Desktop/2026-11-21 ${name}`;
    const rule = { rule: "Name and sort scans", rule_id: "scans", run: 206, at: at(26 * hour) };
    return [
      step({ ...rule, id: 310 + i * 2, step: i * 2, action: "rename", from: `${home}/Desktop/${name}`, to: renamed }),
      step({
        ...rule,
        id: 311 + i * 2,
        step: i * 2 + 1,
        from: renamed,
        to: `${home}/Documents/Scans/2026-11-21 ${name}`,
      }),
    ];
  });
  const old = Array.from({ length: 14 }, (_, i) =>
    step({
      id: 280 + i,
      run: 205,
      step: i,
      at: at(30 * hour),
      rule: "Throw old downloads away",
      rule_id: "old-downloads",
      action: "trash",
      from: `${downloads}/${["setup", "archive", "export", "podcast"][i % 4]}-${i + 1}.zip`,
      ...(i === 3
        ? {
            state: "failed" as const,
            error: said("deed-cannot-trash", { path: `${downloads}/podcast-4.zip`, why: said("cause-disk-full") }),
          }
        : {}),
    }),
  );
  return [
    run({
      id: 210,
      started: at(3 * minute),
      steps: [
        step({
          id: 330,
          run: 210,
          at: at(3 * minute),
          from: `${downloads}/EDF facture novembre.pdf`,
          to: `${invoices}/EDF facture novembre.pdf`,
        }),
      ],
    }),
    run({
      id: 209,
      started: at(48 * minute),
      steps: [
        step({
          id: 329,
          run: 209,
          at: at(48 * minute),
          from: `${downloads}/Rechnung_2026-11_Deutsche_Telekom_Festnetz_und_Mobilfunk_Kundennummer_4711-0815.pdf`,
          to: `${invoices}/Rechnung_2026-11_Deutsche_Telekom_Festnetz_und_Mobilfunk_Kundennummer_4711-0815.pdf`,
        }),
      ],
    }),
    run({
      id: 208,
      started: at(2 * hour),
      steps: [
        step({
          id: 328,
          run: 208,
          at: at(2 * hour),
          from: `${downloads}/hotel invoice.pdf`,
          to: `${invoices}/hotel invoice.pdf`,
          state: "failed",
          error: said("deed-cannot-move", { path: `${downloads}/hotel invoice.pdf`, why: said("cause-permission") }),
        }),
      ],
    }),
    run({
      id: 207,
      kind: "undo",
      of: 204,
      cause: foreign("undo of run 204"),
      started: at(25 * hour),
      steps: [
        step({
          id: 327,
          run: 207,
          at: at(25 * hour),
          from: `${invoices}/wedding menu.pdf`,
          to: `${downloads}/wedding menu.pdf`,
        }),
      ],
    }),
    run({ id: 206, started: at(26 * hour), cause: foreign(`${home}/Desktop`), steps: scans }),
    run({ id: 205, kind: "sweep", cause: said("cause-looked"), started: at(30 * hour), steps: old }),
    run({
      id: 204,
      started: at(31 * hour),
      steps: [
        step({
          id: 270,
          run: 204,
          at: at(31 * hour),
          from: `${downloads}/wedding menu.pdf`,
          to: `${invoices}/wedding menu.pdf`,
          state: "undone",
        }),
      ],
    }),
    run({
      id: 203,
      started: at(74 * hour),
      steps: [
        step({
          id: 260,
          run: 203,
          at: at(74 * hour),
          rule: "Empty the render cache",
          rule_id: "cache",
          action: "delete",
          from: `${home}/Videos/cache/frame-0001.exr`,
          state: "irreversible",
          not_undoable: said("final-deleted"),
        }),
      ],
    }),
    ...Array.from({ length: older }, (_, i) => {
      const name = `receipt ${String(older - i).padStart(2, "0")}.pdf`;
      const moment = at((80 + i * 5) * hour);
      const one = step({
        id: 100 + older - i,
        run: 100 + older - i,
        at: moment,
        from: `${downloads}/${name}`,
        to: `${invoices}/${name}`,
      });
      return run({ id: one.run, started: moment, steps: [one] });
    }),
  ];
}

/** The status. */
export function seedStatus(now: number): Status {
  const folder = (parts: Partial<Folder> & Pick<Folder, "path">): Folder => ({
    mode: "watching",
    reason: null,
    since: before(now, 47 * hour),
    directories: 1,
    last_event: before(now, 3 * minute),
    last_action: before(now, 3 * minute),
    overflowed: null,
    rules: ["File invoices"],
    ...parts,
  });
  return {
    version: "0.1.0",
    pid: 4242,
    state: "needs_you",
    paused_until: null,
    since: before(now, 47 * hour),
    rules_enabled: 3,
    rules_total: 4,
    first_run: false,
    folders: [
      folder({ path: `${home}/Downloads`, directories: 38, rules: ["File invoices", "Throw old downloads away"] }),
      folder({
        path: `${home}/Desktop`,
        last_event: before(now, 26 * hour),
        last_action: before(now, 26 * hour),
        overflowed: before(now, 24 * hour),
        rules: ["Name and sort scans"],
      }),
      folder({
        path: `${home}/Documents/Scanner`,
        mode: "polling",
        reason: foreign("This is a network folder, which reports no changes of its own. Usher looks every 10 seconds."),
        last_action: null,
        rules: ["Name and sort scans"],
      }),
      folder({
        path: "/media/ada/EOS_DIGITAL/DCIM",
        mode: "missing",
        reason: foreign("The drive is not connected."),
        since: before(now, 5 * hour),
        last_event: null,
        last_action: null,
        rules: ["Photos by month"],
      }),
    ],
    woken: null,
    attention: [
      {
        code: "question",
        message: said("asks-beyond", { rule: "Old downloads", limit: 200, held: 1412 }),
        hint: null,
        path: `${home}/Downloads/2019/report.pdf`,
        run: null,
        at: before(now, 3 * minute),
        rule: "tidy/Old downloads",
        more: 0,
        question: 1,
        beyond: { limit: 200, held: 1412 },
      },
      {
        code: "rule_problem",
        message: foreign("tidy.yaml has a mistake on line 6. Its older version is running."),
        hint: foreign("Mend the line; the file is read again as soon as it is saved."),
        path: `${home}/.config/usher/rules/tidy.yaml`,
        run: null,
        at: before(now, 20 * minute),
        rule: null,
        more: 0,
        question: null,
        beyond: null,
      },
      {
        code: "failed_step",
        message: said("trouble-step-on", {
          rule: "File invoices",
          action: "move",
          path: `${home}/Downloads/hotel invoice.pdf`,
          message: said("cause-permission"),
        }),
        hint: null,
        path: `${home}/Downloads/hotel invoice.pdf`,
        run: 208,
        at: before(now, 2 * hour),
        rule: "invoices/File invoices",
        more: 2,
        question: null,
        beyond: null,
      },
    ],
    nouns: seedNouns(now),
    hotkeys: [{ keys: "Ctrl+Alt+I", rule: "Import the camera" }],
    // At noon, so that it is in two days whatever the hour is.
    schedules: [{ due: before(new Date(now).setHours(12, 0, 0, 0), -48 * hour), rule: "Throw old downloads away" }],
    places: {
      rules: `${home}/.config/usher/rules`,
      settings: `${home}/.config/usher/settings.toml`,
      journal: `${home}/.local/state/usher/journal.db`,
      intents: `${home}/.local/state/usher/journal.intents`,
      vault: `${home}/.local/state/usher/vault`,
      good_rules: `${home}/.local/state/usher/last-good-rules`,
      memory: `${home}/.local/state/usher/agent.json`,
      window: `${home}/.local/state/usher/window.json`,
      logs: `${home}/.local/state/usher/logs`,
      socket: "/run/user/1000/usher/usher.sock",
      desktop_socket: "/run/user/1000/usher/desktop.sock",
      lock: `${home}/.local/state/usher/owner.lock`,
      autostart: `${home}/.config/autostart/Usher.desktop`,
      webview: `${home}/.local/share/org.usher.Usher`,
    },
    home,
    user_folders: {
      desktop: "~/Desktop",
      documents: "~/Documents",
      downloads: "~/Downloads",
      music: "~/Music",
      pictures: "~/Pictures",
      videos: "~/Videos",
    },
  };
}

// What the window is looked at in: each view by name, with its scene and the steps that lead there.

const click = (selector) => (page) => page.locator(selector).first().click();
const choose = (value) => (page) => page.locator(`[value=${value}]`).check({ force: true });
const type = (text) => (page) => page.keyboard.type(text);
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
/** Waits until the window has what the steps go on from. */
const has = (selector) => (page) => page.locator(selector).first().waitFor();

/** Has the owner of the window do something. */
const tell = (deed) => (page) => page.evaluate(deed);
const choice = (place, value) => (page) => page.locator(place).first().selectOption(value);

const list = has("[data-list-entry]");
const edit = click("[data-edit] button");
const first = (rule) => [click(".primary"), choose(rule)];

export const places = {
  activity: {},
  importing: { scene: "importing" },
  "taking back": { scene: "taking back", steps: [has("progress")] },
  "a run's why": { steps: [list, press("j", "w")] },
  "undo preview": { scene: "taken", steps: [list, press("j", "j", "j", "j", "j", "u"), has(".ask .primary")] },
  "undo refused": {
    scene: "taken",
    steps: [
      list,
      press("j", "j", "j", "j", "j", "u"),
      has(".ask .primary"),
      press("Enter"),
      has("[role=row] [role=alert]"),
    ],
  },
  paused: { scene: "paused" },
  "nothing found": { steps: [list, press("/"), type("zebra"), press("Enter"), has(".empty")] },
  "undo since": { view: "rules", steps: [click("[data-undo] button")] },
  palette: { steps: [list, press("/"), type("invo")] },
  commands: { steps: [list, press("/"), type(">")] },
  "no command": { steps: [list, press("/"), type(">zebra")] },
  rules: { view: "rules" },
  "rule previewed": { view: "rules", steps: [click(".deeds > .button"), has("article + *")] },
  "rule to be run": { view: "rules", steps: [click(".deeds > .button:last-child"), has(".trial .primary")] },
  "rules by folder": { view: "rules", steps: [click(".top .words button:last-child")] },
  form: { view: "rules", steps: [edit] },
  "form of events": { view: "rules", scene: "occasions", steps: [edit] },
  "form of words": { view: "rules", scene: "told", steps: [edit] },
  source: { view: "rules", steps: [edit, click("#tab-source"), has(".cm-content")] },
  "source with a mistake": {
    view: "rules",
    steps: [
      click("[data-edit] button"),
      tell(() => {
        const [file] = globalThis.fake.texts.texts.keys();
        const text = globalThis.fake.texts.texts.get(file);
        globalThis.fake.write(file, text.replace("extension: pdf", "extention: pdf"));
      }),
      click("#tab-source"),
      has(".cm-lintRange-error"),
    ],
  },
  "changed outside": {
    view: "rules",
    steps: [
      edit,
      click(".pane [role=switch]"),
      tell(() => {
        const [file] = globalThis.fake.texts.texts.keys();
        globalThis.fake.write(file, `# Written elsewhere\n${globalThis.fake.texts.texts.get(file)}`);
      }),
      has(".notes [role=alert]"),
    ],
  },
  "unseen characters": {
    view: "rules",
    steps: [
      edit,
      tell(() => {
        const [file] = globalThis.fake.texts.texts.keys();
        const text = globalThis.fake.texts.texts.get(file);
        const turned = text.replace("File invoices", "File in\u202esec\u200biov").replace("~/Down", "~/\u202enwoD");
        globalThis.fake.write(
          file,
          turned.replace("contains: in", "contains: \u2066in").replace("/Invoices/", "/\u00adInvoices/"),
        );
      }),
      has(".form [role=status]"),
    ],
  },
  "gone outside": {
    view: "rules",
    steps: [
      edit,
      click(".pane [role=switch]"),
      tell(() => {
        const [file] = globalThis.fake.texts.texts.keys();
        globalThis.fake.lose(file);
      }),
      has(".notes [role=alert]"),
    ],
  },
  "first run": { scene: "first" },
  "first rule": { scene: "first", steps: first("invoices") },
  "first preview": { scene: "first", steps: [...first("invoices"), click(".choices .primary")] },
  "first drive": { scene: "first", steps: [...first("camera"), click(".choices .primary")] },
  status: { view: "status" },
  events: {
    view: "status",
    steps: [click(".section:nth-last-of-type(1) button"), click(".section:nth-last-of-type(2) button")],
  },
  settings: { view: "settings" },
  "hotkey clash": { view: "settings", scene: "clash" },
  "less kept": {
    view: "settings",
    steps: [choice("#heading-keeping ~ * select", { index: 1 }), has("#heading-keeping ~ * [role=alert]")],
  },
  keys: { steps: [list, press("?")] },
  "no owner": { scene: "unreachable" },
  hostile: { scene: "hostile" },
};

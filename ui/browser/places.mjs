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

const list = has("[data-list-entry]");
const edit = click("[data-edit] button");
const first = (rule) => [click(".primary"), choose(rule)];

export const places = {
  activity: {},
  importing: { scene: "importing" },
  "a run's why": { steps: [list, press("j", "w")] },
  "undo preview": { scene: "taken", steps: [list, press("j", "j", "j", "j", "u")] },
  "undo since": { view: "rules", steps: [click("[data-undo] button")] },
  palette: { steps: [list, press("/"), type("invo")] },
  commands: { steps: [list, press("/"), type(">")] },
  "no command": { steps: [list, press("/"), type(">zebra")] },
  rules: { view: "rules" },
  "rules by folder": { view: "rules", steps: [click(".top .words button:last-child")] },
  form: { view: "rules", steps: [edit] },
  "form of events": { view: "rules", scene: "occasions", steps: [edit] },
  "form of words": { view: "rules", scene: "told", steps: [edit] },
  source: { view: "rules", steps: [edit, click("#tab-source"), has(".cm-content")] },
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
  keys: { steps: [list, press("?")] },
  "no owner": { scene: "unreachable" },
  hostile: { scene: "hostile" },
};

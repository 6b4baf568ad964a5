import { expect, test } from "vitest";
import { schema } from "../platform/fake/schema";
import { namesOf, startOf } from "./catalogue";
import { rulesOf } from "./draft";
import { variablesAt } from "./variables";

/** What the first action of a rule is offered, or what stands at another place of it. */
function offered(rule: string, ...at: (string | number)[]): string[] {
  const place = at.length > 0 ? at : ["actions", 0, "move"];
  return variablesAt(schema, rulesOf(`rules:\n  - ${rule.replaceAll("\n", "\n    ")}`)?.[0], ["rules", 0, ...place]);
}

const here = "locations: ~/Downloads\nactions: [{move: a}]\n";
const always = [
  "{path.name}",
  "{path.stem}",
  "{path.suffix}",
  "{path.parent.name}",
  "{now().year}",
  "{now().strftime('%Y-%m-%d')}",
];

test("without a condition only what every file has is offered, and without a folder only the clock", () => {
  expect(offered(here)).toEqual(always);
  expect(offered("actions: [{echo: a}]", "actions", 0, "echo")).toEqual(always.slice(4));
});

test("what a condition publishes is offered once the rule has that condition", () => {
  const own = (filters: string) => offered(`${here}filters: ${filters}`).filter((one) => !always.includes(one));
  expect(own("[extension: pdf, size: '> 1 MB']")).toEqual(["{extension}", "{size.decimal}"]);
  expect(own("[lastmodified: {days: 3}]")).toEqual(["{lastmodified.year}", "{lastmodified.strftime('%Y-%m-%d')}"]);
  expect(own("[exif: {image.model: canon*}]")).toContain("{exif.image.model}");
  expect(own("[regex: '^(?P<client>\\w+)_(?<nr>\\d+)']")).toEqual(["{regex.client}", "{regex.nr}"]);
  expect(own("[filecontent: {expr: '(?P<sum>\\d+)'}]")).toEqual(["{filecontent.sum}"]);
  expect(own("[name: '{kind}_{year:int}']")).toEqual(["{name.kind}", "{name.year}"]);
  expect(own("[name: {contains: scan}]")).toEqual(["{name}"]);
  expect(own("[tags: work]")).toEqual(["{tags | join(', ')}"]);
  expect(own("[empty]")).toEqual([]);
});

test("what a file may lack that a rule lets through is not offered", () => {
  const own = (rest: string) => offered(here + rest).filter((one) => !always.includes(one));
  expect(own("filters: [{not regex: '(?P<a>x)'}, {not extension: pdf}]")).toEqual(["{extension}"]);
  expect(own("filters: [{any: [{regex: '(?P<a>x)'}, {extension: pdf}]}]")).toEqual(["{extension}"]);
  expect(own("filters: [{all: [{regex: '(?P<a>x)'}]}]")).toEqual(["{regex.a}"]);
  expect(own("filters: [{any: [{all: [empty, extension]}, name]}]")).toEqual(["{name}"]);
  expect(own("filters: [{not all: [empty, extension]}]")).toEqual([]);
  expect(own("filter_mode: any\nfilters: [{regex: '(?P<a>x)'}, extension]")).toEqual(["{extension}"]);
});

test("what an event brings is offered for folders too, if each event of the rule brings it", () => {
  const drive = ["{volume.label}", "{volume.uuid}", "{volume.path}", "{volume.fstype}"];
  const clock = always.slice(4);
  expect(offered(`${here}when: {volume: mounted}`, "locations")).toEqual([...drive, ...clock]);
  expect(offered(`${here}when: {volume: mounted}`)).toEqual(expect.arrayContaining(drive));
  expect(offered(`${here}when: [{volume: mounted}, {session: locked}]`, "locations")).toEqual(clock);
  expect(offered(`${here}when: [{power: ac}, {battery: {below: 20}}]`, "locations")).toContain("{power.percent}");
  expect(offered(`${here}when: [{power: ac}, {battery: {below: 20}}]`, "locations")).not.toContain("{power.source}");
  expect(offered(`${here}when: [{volume: mounted}, files]`, "locations")).toEqual([]);
  expect(offered(`${here}when: {schedule: {at: '9:00'}}`, "locations")).toContain("{schedule.due.year}");
  expect(offered(here, "locations")).toEqual([]);
});

test("a place that takes no template is offered nothing, a free name what it is made of", () => {
  expect(offered(here, "actions", 0, "move", "dest")).toEqual(always);
  expect(offered(here, "actions", 0, "move", "on_conflict")).toEqual([]);
  expect(offered(here, "actions", 0, "move", "rename_template")).toEqual(["{name}", "{counter}", "{extension}"]);
  expect(offered(here, "actions", 0, "extract", "max_size")).toEqual([]);
  expect(offered(`${here}filters: [extension]`, "filters", 0, "extension")).toEqual([]);
  const after = "actions: [{shell: date}, {echo: a}]";
  expect(offered(after, "actions", 0, "shell")).not.toContain("{shell.output}");
  expect(offered(after, "actions", 1, "echo")).toContain("{shell.output}");
});

test("each condition of the schema that publishes something is known here, code aside", () => {
  const told: Record<string, unknown> = { regex: "(?P<a>x)", filecontent: "(?P<a>x)" };
  for (const { name, schema: of } of namesOf(schema, "filter")) {
    if (of["x-variables"] === undefined || name === "python") continue;
    const filters = JSON.stringify([{ [name]: told[name] ?? null }]);
    expect(offered(`${here}filters: ${filters}`).length, name).toBeGreaterThan(always.length);
  }
});

test("an action begins with nothing that its rule may lack", () => {
  for (const { name } of namesOf(schema, "action")) {
    const start = startOf(name, (text) => text);
    const text = typeof start === "object" && start !== null ? JSON.stringify(Object.values(start)) : "";
    const allowed = [...always, "{path}"];
    for (const [one] of text.matchAll(/\{[^}"]*\}/g)) expect(allowed, `${name}: ${one}`).toContain(one);
  }
});

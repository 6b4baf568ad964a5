import { expect, test } from "vitest";
import { Activity } from "../activity/activity.svelte";
import type { Request } from "../api/Request";
import { RuleBook } from "../rules/rules.svelte";
import { Owner } from "../status/owner.svelte";
import { Fake } from "./fake";
import { run } from "./fake/seed";
import type { Call } from "./platform";

/** An owner whose answers wait until they are let through. */
function slowOwner() {
  const fake = new Fake();
  const waiting: (() => void)[] = [];
  const call: Call = async <T>(request: Request) => {
    const answer = await fake.call<T>(request);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return answer;
  };
  const letThrough = async () => {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    waiting.splice(0).forEach((go) => go());
  };
  return { fake, call, letThrough };
}

test("an answer that rules have overtaken does not bring the old ones back", async () => {
  const { call, letThrough } = slowOwner();
  const rules = new RuleBook(call);
  const loading = rules.load();
  rules.hear({ files: [] });
  await letThrough();
  await loading;
  expect(rules.files).toEqual([]);
  // What has been counted meanwhile is asked for once more, and that answer counts.
  await letThrough();
  await expect.poll(() => rules.files.length).toBeGreaterThan(0);
});

test("an answer that a status has overtaken is dropped", async () => {
  const { fake, call, letThrough } = slowOwner();
  const owner = new Owner(call, () => undefined);
  const loading = owner.load();
  const news = { ...fake.status, rules_total: 77 };
  owner.hear(news);
  await letThrough();
  await loading;
  expect(owner.status).toEqual(news);
});

test("a run that is heard of while a page is on its way is not lost, nor set back", async () => {
  const { fake, call, letThrough } = slowOwner();
  const activity = new Activity(call);
  const loading = activity.load();
  const newest = fake.journal.runs[0]?.id ?? 0;
  const parts = { started: new Date().toISOString(), steps: [] };
  const news = run({ ...parts, id: newest + 1, rules: ["News"] });
  const changed = run({ ...parts, id: newest, rules: ["Changed"] });
  activity.hear(news);
  activity.hear(changed);
  await letThrough();
  await loading;
  expect(activity.runs.slice(0, 2).map((one) => one.rules[0])).toEqual(["News", "Changed"]);
});

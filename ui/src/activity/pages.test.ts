import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { Fake } from "../platform/fake";
import { before, home, run, step } from "../platform/fake/seed";
import { openWindow } from "../testing/open_window";
import { Activity } from "./activity.svelte";
import { query } from "./log";
import { leftBefore, leftBehind } from "./pages";

/** The journal with one run of so many steps, and the window's view of it. */
function long(count: number) {
  const fake = new Fake();
  const at = before(fake.now(), 1000);
  const steps = Array.from({ length: count }, (_, i) =>
    step({ id: 50_000 + i, run: 999, step: i, at, from: `${home}/a/${i}`, to: `${home}/b/${i}` }),
  );
  fake.journal.write(run({ id: 999, started: at, steps }));
  const activity = new Activity(fake.call);
  const known = () => {
    const found = activity.runs.find((one) => one.id === 999);
    if (!found) throw new Error("the run is not there");
    return found;
  };
  const places = () => known().steps.map((one) => one.step);
  const asked = () => fake.asked.filter((one) => one.method === "log");
  return { fake, activity, known, places, asked };
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test("a long run is read to its last step, page by page", async () => {
  const { activity, known, places, asked } = long(2500);
  await activity.load();
  expect(known().steps).toHaveLength(100);
  await activity.show(999);
  expect(leftBehind(known())).toBe(1500);
  await activity.extend(known(), "behind");
  expect(asked().at(-1)?.params).toMatchObject({ run: 999, from_step: 1000, steps: 1000 });
  await activity.extend(known(), "behind");
  expect(places()).toEqual(upTo(0, 2500));
  expect([leftBefore(known()), leftBehind(known())]).toEqual([0, 0]);
});

test("a run is shown at the page that holds the step, and read from there to both ends", async () => {
  const { activity, known, places } = long(2500);
  await activity.load();
  await activity.show(999, 1700);
  expect(places()).toEqual(upTo(1000, 2000));
  await activity.extend(known(), "before");
  await activity.extend(known(), "behind");
  expect(places()).toEqual(upTo(0, 2500));
});

test("news of a long run that is open does not fold it back to its first steps", async () => {
  const { fake, activity, known, places } = long(1500);
  await activity.load();
  await activity.show(999);
  await activity.extend(known(), "behind");
  const news = fake.journal.page(query({ run: 999, steps: 100 })).runs;
  for (const run of news) activity.hear({ ...run, failed: 3 });
  expect([known().failed, known().steps.length]).toEqual([3, 1500]);
  await activity.load();
  await waitFor(() => expect(places()).toEqual(upTo(0, 1500)));
});

test("more steps are asked for by a button behind those that are here", async () => {
  const { fake, user } = await openWindow((fake) => {
    const at = before(fake.now(), 1000);
    const steps = Array.from({ length: 5 }, (_, i) => step({ id: 900 + i, run: 999, step: i, at, from: `/a/${i}` }));
    fake.journal.write(run({ id: 999, started: at, steps, step_count: 3000 }));
    fake.status = { ...fake.status, attention: [] };
  });
  await screen.findByText("3,000", { exact: false });
  await user.keyboard("j{ArrowRight}");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  const asked = fake.asked.findLast((one) => one.method === "log");
  expect(asked?.params).toMatchObject({ run: 999, from_step: 5, steps: 1000 });
});

import { expect, test } from "vitest";
import type { Step } from "../api/Step";
import { run, step } from "../platform/fake/seed";
import { byDay, canRetry, canUndo, placeNow, placesOf, rowsOf, shownState, withRun } from "./log";
import { moved } from "./keys";
import { foreign } from "../platform/refusal";

const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
const one = (id: number, started: string) =>
  run({ id, started, steps: [step({ id: id * 10, run: id, at: started, from: "/a", to: "/b" })] });
const many = (id: number, count: number) =>
  run({
    id,
    started: at(22, 9),
    steps: Array.from({ length: count }, (_, i) => step({ id: id * 10 + i, run: id, at: at(22, 9), from: `/${i}` })),
  });

test("runs are grouped by local day, in the order they come", () => {
  const days = byDay([one(3, at(22, 9)), one(2, at(22, 0)), one(1, at(21, 23))]);
  expect(days.map((day) => [day.key, day.runs.map((run) => run.id)])).toEqual([
    ["2026-11-22", [3, 2]],
    ["2026-11-21", [1]],
  ]);
});

test("a run takes the place of its older self, a new one comes first", () => {
  const runs = [one(2, at(22, 9)), one(1, at(21, 9))];
  const again = { ...one(1, at(21, 9)), undoable: false };
  expect(withRun(runs, again).map((run) => [run.id, run.undoable])).toEqual([
    [2, true],
    [1, false],
  ]);
  expect(withRun(runs, one(3, at(22, 10))).map((run) => run.id)).toEqual([3, 2, 1]);
});

test("a run of one step is one line; longer ones have a head", () => {
  const rows = rowsOf([one(2, at(22, 9)), many(1, 3)], () => true);
  expect(rows.map((row) => row.key)).toEqual(["step-20", "run-1", "step-10", "step-11", "step-12"]);
  expect(rowsOf([many(1, 3)], () => false).map((row) => row.key)).toEqual(["run-1"]);
});

test("a step that was done with an error is neither done nor failed, and can be undone and tried again", () => {
  const of = (parts: Partial<Step>) => step({ id: 10, run: 1, at: at(22, 9), ...parts });
  const partly = of({ state: "done", error: foreign("cannot remove what has been copied of /a") });
  expect(shownState(partly)).toBe("partly");
  expect(canUndo(partly)).toBe(true);
  expect(canRetry(one(1, at(22, 9)), partly)).toBe(true);
  expect(shownState(of({ state: "failed", error: foreign("the disk is full") }))).toBe("failed");
  expect(shownState(of({ state: "undone", error: foreign("cannot remove what has been copied of /a") }))).toBe(
    "undone",
  );
});

test("the cursor stays inside the list and starts at its beginning", () => {
  const rows = rowsOf([one(2, at(22, 9)), one(1, at(21, 9))], () => true);
  expect(moved(rows, null, "next")?.key).toBe("step-20");
  expect(moved(rows, "step-10", "next")?.key).toBe("step-10");
  expect(moved(rows, "step-20", "previous")?.key).toBe("step-20");
  expect(moved([], null, "next")).toBeUndefined();
});

test("only what is done and has a way back can be undone", () => {
  const base = { id: 1, run: 1, at: at(22, 9) };
  expect(canUndo(step({ ...base, state: "done" }))).toBe(true);
  expect(canUndo(step({ ...base, state: "done", not_undoable: foreign("changed since") }))).toBe(false);
  for (const state of ["intended", "failed", "undone", "irreversible"] as const) {
    expect(canUndo(step({ ...base, state }))).toBe(false);
  }
});

test("a subject is where its step left it", () => {
  const moved = step({ id: 1, run: 1, at: at(22, 9), from: "/a", to: "/b" });
  expect(placeNow(moved)).toBe("/b");
  expect(placeNow({ ...moved, state: "undone" })).toBe("/a");
  expect(placeNow({ ...moved, state: "failed" })).toBe("/a");
  expect(placesOf(moved)).toEqual(["/b", "/a"]);
  expect(placesOf({ ...moved, to: null })).toEqual(["/a"]);
});

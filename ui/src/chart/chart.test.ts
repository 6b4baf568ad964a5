import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { before, run, step } from "../platform/fake/seed";
import { openWindow, textOf } from "../testing/open_window";

const region = () => screen.findByRole("region", { name: /What was done in the last 14 days/ });
const perDay = (chart: HTMLElement) =>
  within(chart)
    .getAllByRole("listitem")
    .map((day) => Number(textOf(day).replace("one", "1").split(": ")[1]?.split(" ")[0]));

test("the last days are counted by the owner, and one rule can be looked at", async () => {
  const { fake, user } = await openWindow();
  const chart = await region();
  expect(fake.asked).toContainEqual({ method: "chart", params: { days: 14 } });
  const all = perDay(chart);
  expect(all).toHaveLength(14);
  const total = all.reduce((a, b) => a + b, 0);
  expect(textOf(chart)).toContain(`${total} files in 14 days`);
  await user.click(within(chart).getByRole("button", { name: /Name and sort scans/ }));
  const own = perDay(chart).reduce((a, b) => a + b, 0);
  expect(own).toBe(2);
  expect(total).toBeGreaterThan(own);
  await user.click(within(chart).getByRole("button", { name: /Name and sort scans/ }));
  expect(perDay(chart)).toEqual(all);
});

test("a file counts once, however many steps were taken on it", async () => {
  const { user } = await openWindow((fake) => {
    const rule = { run: 206, at: before(fake.now(), 60_000), from: "/a", to: "/b" };
    const other = { ...rule, rule: "Back up", rule_id: "backup", action: "copy" };
    const steps = [step({ ...rule, id: 1 }), step({ ...other, id: 2, step: 1, from: "/b", to: "/c" })];
    fake.journal.runs = [run({ id: 206, started: rule.at, steps })];
  });
  const chart = await region();
  expect(textOf(chart)).toContain("One file in 14 days");
  await user.click(within(chart).getByRole("button", { name: "Back up 1" }));
  expect(perDay(chart).at(-1)).toBe(1);
});

test("it says where it begins and ends and what its tallest bar stands for; the arrows tell each day", async () => {
  const { user } = await openWindow();
  const chart = await region();
  const first = within(chart).getAllByRole("listitem")[0];
  const last = within(chart).getAllByRole("listitem")[13];
  const day = (item: Element | undefined) =>
    textOf(item)
      .split(":")[0]
      ?.replaceAll(/[\u2068\u2069]/g, "");
  expect(textOf(chart.querySelector(".ends"))).toBe(`${day(first)}${day(last)}`);
  expect(textOf(chart.querySelector(".most"))).toBe(String(Math.max(...perDay(chart))));
  const said = () => textOf(chart.querySelector(".words p"));
  const look = within(chart).getByRole<HTMLInputElement>("slider", { name: "Look at a day" });
  look.focus();
  await waitFor(() => expect(said()).toBe(textOf(last)));
  await fireEvent.input(look, { target: { value: "0" } });
  expect(said()).toBe(textOf(first));
  expect(look.getAttribute("aria-valuetext")).toBe(textOf(first));
  await user.tab();
  expect(said()).toContain("files in 14 days");
});

test("it is counted again after runs, once for many, and only while it was asked for", async () => {
  const { fake } = await openWindow();
  await region();
  const asked = () => fake.asked.filter((one) => one.method === "chart").length;
  const before = asked();
  fake.arrive("one.pdf");
  fake.arrive("two.pdf");
  await waitFor(() => expect(asked()).toBe(before + 1), { timeout: 5000 });
});

test("without a file there is no chart", async () => {
  await openWindow((fake) => {
    fake.journal.runs = [];
  });
  await screen.findByText("Nothing has happened yet");
  expect(screen.queryByRole("region", { name: /What was done/ })).toBeNull();
});

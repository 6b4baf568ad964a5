import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { openWindow, textOf } from "../testing/open_window";

const region = () => screen.findByRole("region", { name: /What was done in the last 14 days/ });
const perDay = (chart: HTMLElement) =>
  within(chart)
    .getAllByRole("listitem")
    .map((day) => Number(textOf(day).split(": ")[1]));

test("the last days are counted by the owner, and one rule can be looked at", async () => {
  const { fake, user } = await openWindow();
  const chart = await region();
  expect(fake.asked).toContainEqual({ method: "chart", params: { days: 14 } });
  const all = perDay(chart);
  expect(all).toHaveLength(14);
  const total = all.reduce((a, b) => a + b, 0);
  expect(textOf(chart)).toContain(`${total} steps in 14 days`);
  await user.click(within(chart).getByRole("button", { name: /Name and sort scans/ }));
  const own = perDay(chart).reduce((a, b) => a + b, 0);
  expect(own).toBe(4);
  expect(total).toBeGreaterThan(own);
  await user.click(within(chart).getByRole("button", { name: /Name and sort scans/ }));
  expect(perDay(chart)).toEqual(all);
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

test("without a step there is no chart", async () => {
  await openWindow((fake) => {
    fake.journal.runs = [];
  });
  await screen.findByText("Nothing has happened yet");
  expect(screen.queryByRole("region", { name: /What was done/ })).toBeNull();
});

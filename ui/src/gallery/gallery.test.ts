import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { rulesOf } from "../editor/draft";
import { home } from "../platform/fake/seed";
import { openWindow } from "../testing/open_window";
import { ready } from "./ready";

test("each ready-made rule has its text and is switched off", () => {
  expect(ready.length).toBeGreaterThanOrEqual(14);
  for (const { name, text } of ready) {
    expect(
      rulesOf(text)?.map((rule) => rule["enabled"]),
      name,
    ).toEqual([false]);
  }
});

test("a rule is chosen, previewed, switched on and saved, and nothing is written before that", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: /Screenshots by month/ }));
  await screen.findByText(/It would take 2 steps/);
  const file = `${home}/.config/usher/rules/screenshots.yaml`;
  expect(fake.texts.texts.has(file)).toBe(false);
  await user.click(screen.getByRole("switch", { name: "Switched on" }));
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(fake.texts.texts.get(file)).toContain("enabled: true"));
});

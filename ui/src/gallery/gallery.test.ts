import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { rulesOf } from "../editor/draft";
import { home } from "../platform/fake/seed";
import { openWindow } from "../testing/open_window";
import { t } from "../words/words.svelte";
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

test("each ready-made rule opens as a form and is previewed, or asks for the drive that it waits for", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("{Control>}2{/Control}");
  for (const { name, text, title } of ready) {
    await user.click(await screen.findByRole("button", { name: new RegExp(`^${t(title)}`) }));
    const preview = screen.getByRole("complementary", { name: "Preview" });
    const shown = text.includes("{volume.") ? /This rule waits for a drive/ : /It would take \d+ steps/;
    await within(preview).findByText(shown);
    expect(screen.queryAllByText(/only the source shows/), name).toEqual([]);
    const asked = fake.asked.filter((one) => one.method === "preview").at(-1);
    expect(asked?.params.text, name).toBe(text);
    await user.click(screen.getByRole("button", { name: "Back to the rules" }));
    const leave = screen.queryByRole("button", { name: "Throw the draft away" });
    if (leave) await user.click(leave);
  }
  expect(fake.asked.some((one) => one.method === "save_rules")).toBe(false);
});

import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { rulesOf } from "../editor/draft";
import { home } from "../platform/fake/seed";
import { openWindow } from "../testing/open_window";
import { t, words } from "../words/words.svelte";
import { offered } from "./offered";
import { newRule, ready } from "./ready";

test("each ready-made rule has its text and is switched off", () => {
  expect(ready.length).toBeGreaterThanOrEqual(14);
  for (const { name, text } of ready) {
    expect(
      rulesOf(text)?.map((rule) => rule["enabled"]),
      name,
    ).toEqual([false]);
  }
});

test.each(["en", "fr"])(
  "in %s each is a rule with the name it is offered under, and no id is left in it",
  (language) => {
    words.speak(language, "en");
    for (const { text, title } of ready) {
      const own = offered(text, undefined);
      expect(rulesOf(own)?.map((rule) => rule["name"])).toEqual([t(title)]);
      expect(own).not.toContain("gallery-");
    }
    const [big] = rulesOf(offered(ready.at(-1)?.text ?? "", undefined)) ?? [];
    expect(big?.["actions"]).toEqual([{ notify: t("gallery-big-files-notice") }]);
    expect(t("gallery-big-files-notice")).toContain("{path.name}");
    words.speak("en", "en");
  },
);

const french = {
  desktop: "~/Bureau",
  documents: "/data/Mes documents",
  downloads: "~/Téléchargements",
  music: "~/Musique",
  pictures: "~/Images",
  videos: "~/Vidéos",
};

test("each names the user's own folders, and a drive's as they are", () => {
  const english = /~\/(Desktop|Documents|Downloads|Music|Pictures|Videos)/;
  for (const { text, name } of [...ready, { name: "new", text: newRule }]) {
    expect(offered(text, french), name).not.toMatch(english);
    expect(rulesOf(offered(text, french)), name).toHaveLength(1);
  }
  const own = (name: string) => offered(ready.find((one) => one.name === name)?.text ?? "", french);
  expect(own("screenshots")).toContain("    locations: ~/Bureau\n");
  expect(own("screenshots")).toContain("move: ~/Images/Screenshots/{created");
  expect(own("backup")).toContain("locations: /data/Mes documents\n");
  expect(own("backup")).toContain('dest: "{volume.path}/Documents/');
  expect(offered("~/Downloads2 ~/Downloads/a", french)).toBe("~/Downloads2 ~/Téléchargements/a");
});

test("what is begun in the window names the user's own folders and is in the user's language", async () => {
  const { user } = await openWindow((fake) => {
    fake.status = { ...fake.status, user_folders: french };
    fake.settings = { ...fake.settings, language: "fr" };
  });
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: /Factures d’après leur texte/ }));
  await screen.findByDisplayValue("Factures d’après leur texte");
  await screen.findByDisplayValue("~/Téléchargements");
  await screen.findByDisplayValue("/data/Mes documents/Factures/{created.year}/");
  words.speak("en", "en");
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
    expect(asked?.params.text, name).toBe(offered(text, fake.status.user_folders));
    await user.click(screen.getByRole("button", { name: "Back to the rules" }));
    const leave = screen.queryByRole("button", { name: "Throw the draft away" });
    if (leave) await user.click(leave);
  }
  expect(fake.asked.some((one) => one.method === "save_rules")).toBe(false);
});

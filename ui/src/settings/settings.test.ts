import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { openWindow, textOf } from "../testing/open_window";

async function openSettings(prepare?: Parameters<typeof openWindow>[0]) {
  const opened = await openWindow(prepare);
  await opened.user.keyboard("{Control>}4{/Control}");
  await screen.findByRole("region", { name: "Settings" });
  return opened;
}

test("a chord that is taken is refused beside the field, and the old one stays", async () => {
  const { fake, user } = await openSettings();
  const field = await screen.findByRole("textbox", { name: "Key that opens this window" });
  await user.clear(field);
  await user.type(field, "Ctrl+Alt+T{Enter}");
  expect(textOf(await screen.findByRole("alert"))).toContain("Another program already uses Ctrl+Alt+T.");
  expect(fake.settings.hotkey).toBe("Ctrl+Alt+Space");
  await user.clear(field);
  await user.type(field, "Ctrl+Alt+U{Enter}");
  await waitFor(() => expect(fake.settings.hotkey).toBe("Ctrl+Alt+U"));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a chord is recorded by pressing it", async () => {
  const { fake, user } = await openSettings();
  await user.click(await screen.findByRole("button", { name: "Record" }));
  await user.keyboard("{Control>}{Shift>}[KeyY]{/Shift}{/Control}");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(fake.settings.hotkey).toBe("Ctrl+Shift+Y"));
});

test("settings are kept as they are changed", async () => {
  const { fake, user } = await openSettings();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Appearance" }), "dark");
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  await user.selectOptions(screen.getByRole("combobox", { name: "Keep a hidden window ready" }), "1 minute");
  await waitFor(() => expect(fake.settings.grace_seconds).toBe(60));
  await user.click(screen.getByRole("switch", { name: "Start Usher when I log in" }));
  await waitFor(() => expect(fake.launch).toBe(false));
  await user.click(screen.getByRole("switch", { name: "Hide this window when I click elsewhere" }));
  await waitFor(() => expect(fake.settings.hide_on_blur).toBe(false));
});

test("the language changes at once", async () => {
  const { user } = await openSettings();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Language" }), "fr");
  expect(await screen.findByRole("combobox", { name: "Langue" })).toBeTruthy();
  expect(document.documentElement.lang).toBe("fr");
  expect(textOf(screen.getByRole("navigation"))).toBe("Activité Règles État Réglages");
});

test("the places of Usher's files are shown", async () => {
  const { fake, user } = await openSettings();
  await user.click(screen.getByRole("button", { name: /Show in folder: .*Vault/ }));
  expect(fake.asked.at(-1)).toEqual({ method: "reveal", params: { path: fake.status.places.vault } });
});

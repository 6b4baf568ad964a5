import { fireEvent, screen, waitFor } from "@testing-library/svelte";
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

test("a chord is shown and written in the keys of the language, and kept by the names that settings have", async () => {
  const { fake, user } = await openSettings();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Language" }), "fr");
  const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Touches qui ouvrent cette fenêtre" });
  expect(field.value).toBe("Ctrl+Alt+Espace");
  await user.clear(field);
  await user.type(field, "Ctrl+Alt+Espace");
  expect(screen.queryByRole("button", { name: "Enregistrer" }), "that is no change").toBeNull();
  await user.clear(field);
  await user.type(field, "ctrl+maj+espace{Enter}");
  await waitFor(() => expect(fake.settings.hotkey).toBe("Ctrl+Shift+Space"));
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

test("a field whose change is refused shows what is in force", async () => {
  const { fake, user } = await openSettings((fake) => {
    fake.settings = { ...fake.settings, quiet_hours: "22:00-07:00" };
    fake.refusesSettings = true;
  });
  const refused = async (name: string, choose: string) => {
    const field = await screen.findByRole<HTMLSelectElement>("combobox", { name });
    const before = field.value;
    await user.selectOptions(field, choose);
    await waitFor(() => expect(fake.asked.at(-1)?.method).toBe("set_settings"));
    await waitFor(() => expect(field.value, name).toBe(before));
    fake.asked.length = 0;
  };
  await refused("Appearance", "dark");
  await refused("Language", "fr");
  await refused("Keep a hidden window ready", "1 minute");
  await refused("Digest", "daily");
  await refused("Quiet hours", "");
  await refused("Keep runs", "365");
  const from = screen.getByLabelText<HTMLInputElement>("Quiet from");
  await fireEvent.change(from, { target: { value: "20:00" } });
  await waitFor(() => expect(from.value).toBe("22:00"));
  expect(screen.getAllByText("The settings cannot be written.").length).toBeGreaterThan(4);
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
  for (const path of Object.values(fake.status.places).filter((path) => path !== null)) {
    fake.asked.length = 0;
    const name = path.split("/").at(-1) ?? "";
    const line = screen.getAllByTitle(path).map((one) => one.closest("dd"))[0];
    await user.click(line?.querySelector("button") as HTMLElement);
    expect(fake.asked, name).toEqual([{ method: "reveal", params: { path } }]);
  }
});

test("a place that this platform lacks has no line, and a pipe is not shown in a folder", async () => {
  const pipe = "\\\\.\\pipe\\usher-0123456789abcdef";
  await openSettings((fake) => Object.assign(fake.status.places, { autostart: null, socket: pipe }));
  expect(screen.queryByText("Launch at login", { selector: "dt" })).toBeNull();
  expect(screen.getByText("Control socket", { selector: "dt" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Show in folder: .*Control socket/ })).toBeNull();
});

test("quiet hours are switched on with the night, and changed at either end", async () => {
  const { fake, user } = await openSettings();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Quiet hours" }), "Every day");
  await waitFor(() => expect(fake.settings.quiet_hours).toBe("22:00-07:00"));
  const until = await screen.findByLabelText("Quiet until");
  await fireEvent.change(until, { target: { value: "06:30" } });
  await waitFor(() => expect(fake.settings.quiet_hours).toBe("22:00-06:30"));
  await user.selectOptions(screen.getByRole("combobox", { name: "Quiet hours" }), "None");
  await waitFor(() => expect(fake.settings.quiet_hours).toBe(""));
});

test("a digest is switched on for the evening, and moved", async () => {
  const { fake, user } = await openSettings();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Digest" }), "Every day");
  await waitFor(() => expect(fake.settings.digest).toBe("18:00"));
  await fireEvent.change(await screen.findByLabelText("Time of the digest"), { target: { value: "20:15" } });
  await waitFor(() => expect(fake.settings.digest).toBe("20:15"));
  await user.selectOptions(screen.getByRole("combobox", { name: "Digest" }), "None");
  await waitFor(() => expect(fake.settings.digest).toBe(""));
});

test("rules that are muted are listed, and heard again by a button; a refusal stands beside them", async () => {
  const { fake, user } = await openSettings();
  await screen.findByText("Muted rules");
  fake.prefer({ muted_rules: ["scans", "gone/Old rule"] });
  await screen.findByRole("button", { name: /Show the notifications of .*Old rule.* again/ });
  fake.refusesSettings = true;
  await user.click(screen.getByRole("button", { name: /Show the notifications of .*Name and sort scans.* again/ }));
  expect(await screen.findByText("The settings cannot be written.")).toBeTruthy();
  expect(fake.settings.muted_rules).toEqual(["scans", "gone/Old rule"]);
  fake.refusesSettings = false;
  await user.click(screen.getByRole("button", { name: /Show the notifications of .*Name and sort scans.* again/ }));
  await waitFor(() => expect(fake.settings.muted_rules).toEqual(["gone/Old rule"]));
});

test("quiet hours can be set for as long as anything would be shown", async () => {
  const { user } = await openSettings();
  const quiet = () => screen.queryByRole("combobox", { name: "Quiet hours" });
  await user.click(await screen.findByRole("switch", { name: /notifications/i }));
  await waitFor(() => expect(quiet()).toBeNull());
  await user.selectOptions(screen.getByRole("combobox", { name: "Digest" }), "Every day");
  await waitFor(() => expect(quiet()).not.toBeNull());
});

test("a limit that gives something up is set only after that was shown", async () => {
  const { fake, user } = await openSettings();
  await screen.findByText(/In use now: .*734 MB.* in the vault/);
  const days = () => screen.getByRole<HTMLSelectElement>("combobox", { name: "Keep runs" });
  await user.selectOptions(days(), "90 days");
  const ask = await screen.findByText(/275 runs would be forgotten, with 825 steps/);
  expect(textOf(ask.parentElement)).toMatch(/275 replaced files would go from the vault for good: .*550 MB/);
  expect(fake.settings.keep_days).toBe(0);
  await user.click(screen.getByRole("button", { name: "Keep everything" }));
  expect(screen.queryByText(/would be forgotten/)).toBeNull();
  await waitFor(() => expect(days().value).toBe("0"));
  expect(fake.asked.some((one) => one.method === "set_settings" || one.method === "free_space")).toBe(false);
  await user.selectOptions(days(), "90 days");
  await screen.findByText(/275 runs would be forgotten/);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByText(/would be forgotten/)).toBeNull());
  expect(fake.hidden, "the question is put away and not the window").toBe(0);
  await user.selectOptions(days(), "90 days");
  await screen.findByText(/275 runs would be forgotten/);
  await user.click(screen.getByRole("button", { name: "Free the space" }));
  await waitFor(() => expect(fake.settings.keep_days).toBe(90));
  await waitFor(() => expect(fake.asked.some((one) => one.method === "free_space")).toBe(true));
});

test("a limit that gives nothing up is set at once", async () => {
  const { fake, user } = await openSettings();
  const size = await screen.findByRole("combobox", { name: "Size of the vault" });
  await user.selectOptions(size, "5 GB");
  await waitFor(() => expect(fake.settings.vault_megabytes).toBe(5000));
  expect(fake.asked.some((one) => one.method === "free_space")).toBe(false);
});

import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { scenes } from "../platform/fake/scenes";
import { openWindow, textOf } from "../testing/open_window";

async function openStatus(prepare?: Parameters<typeof openWindow>[0]) {
  const opened = await openWindow(prepare);
  await opened.user.keyboard("{Control>}3{/Control}");
  await screen.findByRole("region", { name: "Status" });
  return opened;
}

test("folders tell how well they are seen, and why not better", async () => {
  await openStatus();
  const folders = screen.getByRole("region", { name: "Folders" });
  const [downloads, , scanner, camera] = within(folders).getAllByRole("listitem").map(textOf);
  expect(downloads).toMatch(/~\/Downloads.*Watching.*38 folders within.*File invoices, Throw old downloads away/);
  expect(scanner).toMatch(/Looking regularly.*network folder/);
  expect(camera).toMatch(/Not there.*The drive is not connected.*No event yet/);
});

test("the machine's nouns that rules care about tell how they are", async () => {
  await openStatus();
  const machine = screen.getByRole("region", { name: "Machine" });
  const [drives, power, session, ...rest] = within(machine).getAllByRole("listitem").map(textOf);
  expect(drives).toMatch(/Drives.*BACKUP at .*Watching.*Import the camera/);
  expect(power).toMatch(/Power.*on mains power, 96 %/);
  expect(session).toMatch(/Session.*Not available here.*systemd-logind does not run/);
  expect(rest).toEqual([]);
});

test("pausing asks for the time chosen, and resuming ends it", async () => {
  const { fake, user } = await openStatus((fake) => scenes["calm"]?.(fake));
  await user.click(screen.getByRole("button", { name: "For 1 hour" }));
  expect(await screen.findByText(/^Until .* noted and handled then\.$/)).toBeTruthy();
  expect(fake.asked.at(-1)).toEqual({ method: "pause", params: { for: "seconds", seconds: 3600 } });
  await user.click(screen.getByRole("button", { name: "Resume" }));
  await user.click(await screen.findByRole("button", { name: "Until I resume" }));
  expect(await screen.findByText(/^Until you resume/)).toBeTruthy();
  expect(screen.getByText("Paused", { selector: ".pill" })).toBeTruthy();
});

test("a chord that is taken is refused beside the field, and the old one stays", async () => {
  const { fake, user } = await openStatus();
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
  const { fake, user } = await openStatus();
  await user.click(await screen.findByRole("button", { name: "Record" }));
  await user.keyboard("{Control>}{Shift>}[KeyY]{/Shift}{/Control}");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(fake.settings.hotkey).toBe("Ctrl+Shift+Y"));
});

test("settings are kept as they are changed", async () => {
  const { fake, user } = await openStatus();
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
  const { user } = await openStatus();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Language" }), "fr");
  expect(await screen.findByRole("combobox", { name: "Langue" })).toBeTruthy();
  expect(document.documentElement.lang).toBe("fr");
  expect(textOf(screen.getByRole("navigation"))).toBe("Activité Règles État");
});

test("the places of Usher's files are shown", async () => {
  const { fake, user } = await openStatus();
  await user.click(screen.getByRole("button", { name: /Show in folder: .*Vault/ }));
  expect(fake.asked.at(-1)).toEqual({ method: "reveal", params: { path: fake.status.places.vault } });
});

import { screen, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
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

test("a chord that does not open the window is told, here and in the settings, until it does", async () => {
  const { fake, user } = await openStatus((fake) => scenes["clash"]?.(fake));
  expect(await screen.findByText(/Ctrl\+Alt\+Space is held by another program/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Open Settings" }));
  await screen.findByRole("region", { name: "Settings" });
  expect(screen.getByText(/held by another program/)).toBeTruthy();
  fake.hotkey(null);
  await vi.waitFor(() => expect(screen.queryByText(/held by another program/)).toBeNull());
});

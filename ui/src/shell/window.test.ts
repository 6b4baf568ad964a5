import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { lineOf, openWindow } from "../testing/open_window";

test("the host is told once content is on the screen", async () => {
  const { fake } = await openWindow();
  await waitFor(() => expect(fake.frames).toBe(1));
  fake.show();
  await waitFor(() => expect(fake.frames).toBe(2));
});

test("a window that is shown again asks anew and puts the focus on the search", async () => {
  const { fake } = await openWindow();
  const asked = fake.asked.length;
  fake.show();
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Find anything; > for commands"));
  await waitFor(() => expect(fake.asked.length).toBeGreaterThanOrEqual(asked + 4));
});

test("without the owner a banner says so, what was loaded stays, and the link brings it back", async () => {
  const { fake } = await openWindow();
  await lineOf("EDF facture novembre.pdf");
  fake.link(false);
  expect(await screen.findByText("Usher is not answering.")).toBeTruthy();
  expect(await lineOf("EDF facture novembre.pdf")).toBeTruthy();
  fake.arrive("missed.pdf");
  fake.link(true);
  await waitFor(() => expect(screen.queryByText("Usher is not answering.")).toBeNull());
  expect(await lineOf("missed.pdf")).toBeTruthy();
});

test("a window without an owner from the start says so and recovers", async () => {
  const { fake } = await openWindow((fake) => void (fake.up = false));
  expect((await screen.findByRole("alert")).textContent).toContain("Usher is not answering.");
  fake.link(true);
  expect(await lineOf("EDF facture novembre.pdf")).toBeTruthy();
});

test("views open by key, and the sheet lists the keys", async () => {
  const { user } = await openWindow();
  await user.keyboard("{Control>}3{/Control}");
  expect(await screen.findByRole("region", { name: "Status" })).toBeTruthy();
  await user.keyboard("?");
  expect(await screen.findByRole("heading", { name: "Keyboard" })).toBeTruthy();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("heading", { name: "Keyboard" })).toBeNull();
});

test("keys have their French names, in the sheet, the palette and titles", async () => {
  const { user } = await openWindow((fake) => void (fake.tag = "fr-FR"));
  await user.keyboard("?");
  const sheet = await screen.findByRole("dialog");
  const keys = [...sheet.querySelectorAll("kbd")].map((key) => key.textContent);
  expect(keys).toEqual(expect.arrayContaining(["Entrée", "Échap", "Espace", "Ctrl+K", "Alt+↑"]));
  expect(keys.join(" ")).not.toMatch(/Enter|Esc\b|Space|Arrow/);
  const close = screen.getByRole("button", { name: "Fermer" });
  expect(close.title).toBe("Fermer (Échap)");
  expect(close.getAttribute("aria-keyshortcuts")).toBe("Escape");
  await user.keyboard("{Escape}/hotel");
  await waitFor(() =>
    expect(document.querySelector(".foot")?.textContent).toMatch(/Entrée.*Ctrl\+Entrée.*Maj\+Entrée.*Échap/s),
  );
});

test("Escape puts away one thing at a time, the window last", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("/hotel");
  await user.keyboard("{Escape}");
  expect(fake.hidden).toBe(0);
  expect((screen.getByRole("combobox") as HTMLInputElement).value).toBe("");
  await user.keyboard("{Escape}");
  expect(fake.hidden).toBe(1);
});

test("a rule's message is shown as text", async () => {
  const { fake } = await openWindow();
  fake.tell({ type: "message", title: "Imported <b>", text: "3 files\u202E" });
  expect(await screen.findByText("Imported <b>")).toBeTruthy();
  expect(screen.getByText("‹U+202E›")).toBeTruthy();
});

import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { home } from "../platform/fake/seed";
import { openWindow, textOf } from "../testing/open_window";

const rules = `${home}/.config/usher/rules`;
const heading = (name: string) => screen.findByRole("heading", { name });

async function firstDay(prepare: Parameters<typeof openWindow>[0] = () => undefined) {
  const opened = await openWindow((fake) => {
    fake.empty();
    prepare(fake);
  });
  await heading("Show every file to its seat");
  return opened;
}

test("three steps lead to a rule that is on, and nothing is written before the last button", async () => {
  const { fake, user } = await firstDay();
  const writes = () => fake.asked.filter((one) => one.method === "save_rules");
  const step = () => textOf(document.querySelector("[aria-current=step]"));
  expect(step()).toContain("What Usher does");
  await user.click(screen.getByRole("button", { name: "Choose a first rule" }));
  await heading("A folder and a rule");
  expect(step()).toContain("A folder and a rule");
  const look = () => screen.getByRole<HTMLButtonElement>("button", { name: "See what it would do" });
  expect(look().disabled).toBe(true);
  await user.click(screen.getByRole("radio", { name: /Invoices by their text/ }));
  fake.picks = [`${home}/Mail`];
  await user.click(screen.getByRole("button", { name: "Choose a folder…" }));
  await screen.findByDisplayValue("~/Mail");
  await user.click(look());
  await heading("Invoices by their text");
  await screen.findByText(/It would take one step|It would take 2 steps/);
  const asked = fake.asked.findLast((one) => one.method === "preview");
  expect(asked?.params).toMatchObject({ file: `${rules}/invoices.yaml`, rule: 0, code: false, event: null });
  expect(writes()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Switch it on" }));
  await screen.findByText(/The rule is on/);
  const text = fake.texts.texts.get(`${rules}/invoices.yaml`) ?? "";
  expect(text).toContain("    enabled: true\n    locations: ~/Mail\n");
  expect(writes()).toHaveLength(1);
  await screen.findByRole("region", { name: "Activity" });
});

test("a rule brings its folder along, until the user has chosen one", async () => {
  const { user } = await firstDay();
  await user.click(screen.getByRole("button", { name: "Choose a first rule" }));
  const folder = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Which folder?" });
  await user.click(screen.getByRole("radio", { name: /Screenshots by month/ }));
  expect(folder().value).toBe("~/Desktop");
  await user.clear(folder());
  await user.type(folder(), "~/Pictures{Tab}");
  await user.click(screen.getByRole("radio", { name: /Old downloads/ }));
  expect(folder().value).toBe("~/Pictures");
});

test("the folder is called as this desktop calls it", async () => {
  const { fake, user } = await firstDay((fake) => {
    const user_folders = { ...fake.status.user_folders, desktop: "~/Bureau", downloads: "~/Téléchargements" };
    fake.status = { ...fake.status, user_folders };
  });
  await user.click(screen.getByRole("button", { name: "Choose a first rule" }));
  const folder = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Which folder?" });
  expect(folder().value).toBe("~/Téléchargements");
  await user.click(screen.getByRole("radio", { name: /Screenshots by month/ }));
  expect(folder().value).toBe("~/Bureau");
  await user.click(screen.getByRole("button", { name: "See what it would do" }));
  await screen.findByText(/It would take/);
  const asked = fake.asked.findLast((one) => one.method === "preview");
  expect(asked?.params.text).toContain("    locations: ~/Bureau\n");
});

test("a rule for a drive is tried on one that the user names", async () => {
  const { fake, user } = await firstDay();
  await user.click(screen.getByRole("button", { name: "Choose a first rule" }));
  await user.click(screen.getByRole("radio", { name: /Import from the camera/ }));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Which folder?" }).disabled).toBe(true);
  await user.click(screen.getByRole("button", { name: "See what it would do" }));
  await screen.findByText(/This rule waits for a drive/);
  await screen.findByText(/You have not seen what this rule would do/);
  expect(screen.getByRole("button", { name: "Switch it on unseen" }).classList).not.toContain("primary");
  fake.picks = ["/media/ada/EOS_DIGITAL"];
  await user.click(screen.getByRole("button", { name: "Choose a drive…" }));
  await screen.findByText(/It would take/);
  const asked = fake.asked.findLast((one) => one.method === "preview");
  const details = { path: "/media/ada/EOS_DIGITAL", label: "EOS_DIGITAL" };
  await screen.findByRole("button", { name: "Switch it on" });
  expect(screen.queryByText(/You have not seen/)).toBeNull();
  expect(asked?.params).toMatchObject({ event: { kind: "machine", name: "volume.mounted", details } });
});

test("the rule can be changed before it is on, and going back keeps what was chosen", async () => {
  const { fake, user } = await firstDay();
  await user.click(screen.getByRole("button", { name: "Choose a first rule" }));
  await user.click(screen.getByRole("radio", { name: /Screenshots by month/ }));
  await user.click(screen.getByRole("button", { name: "See what it would do" }));
  await user.click(await screen.findByRole("button", { name: "Back" }));
  expect(screen.getByRole<HTMLInputElement>("radio", { name: /Screenshots by month/ }).checked).toBe(true);
  await user.click(screen.getByRole("button", { name: "See what it would do" }));
  await user.click(await screen.findByRole("button", { name: "Change it first" }));
  const editor = await screen.findByRole("region", { name: /Rules in/ });
  expect(within(editor).getByRole("switch", { name: "Switched on" }).getAttribute("aria-checked")).toBe("false");
  expect(fake.asked.some((one) => one.method === "save_rules")).toBe(false);
});

test("what keeps the rule from being written is said, and the step stays", async () => {
  const { fake, user } = await firstDay();
  await user.click(screen.getByRole("button", { name: "Choose a first rule" }));
  await user.click(screen.getByRole("radio", { name: /Screenshots by month/ }));
  await user.click(screen.getByRole("button", { name: "See what it would do" }));
  await screen.findByText(/It would take/);
  fake.texts.texts.set(`${rules}/screenshots.yaml`, "rules: []\n");
  await user.click(screen.getByRole("button", { name: "Switch it on" }));
  expect(textOf(await screen.findByRole("alert"))).toContain("was changed by another program");
  expect(fake.texts.texts.get(`${rules}/screenshots.yaml`)).toBe("rules: []\n");
});

test("whoever would rather play with samples gets the starter, all of it switched off", async () => {
  const { fake, user } = await firstDay();
  await user.click(screen.getByRole("button", { name: "try rules on sample files" }));
  expect(await screen.findByText(/starter rules are ready, all of them switched off/)).toBeTruthy();
  const switches = screen.getAllByRole("switch").map((one) => one.getAttribute("aria-checked"));
  expect(switches).toEqual(["false", "false"]);
  await user.click(screen.getByRole("button", { name: "Show in folder" }));
  await waitFor(() =>
    expect(fake.asked.at(-1)).toEqual({ method: "reveal", params: { path: `${home}/Usher sandbox` } }),
  );
});

// A field follows its setting. Where a change was refused the setting has not changed, and nothing would tell the field.

type Field = HTMLSelectElement | HTMLInputElement;

/** Has a setting changed by its field, which shows what is in force once that is known. */
export async function changeBy(
  event: Event & { currentTarget: Field },
  change: (value: string) => Promise<unknown>,
  inForce: () => string | number,
): Promise<void> {
  const field = event.currentTarget;
  await change(field.value);
  field.value = String(inForce());
}

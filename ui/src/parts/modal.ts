// How a dialog opens: it takes the focus, and gives it back.

/** Opens a dialog over the window for as long as it is there. */
export function modal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement;
  dialog.showModal();
  return () => void (before instanceof HTMLElement && before.focus());
}

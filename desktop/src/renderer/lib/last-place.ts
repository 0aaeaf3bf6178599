/**
 * Where focus was before a dialog or menu opened. Owns the memory of the last focused element that is not inside one,
 * so that closing any of them, however it was opened (key, menu, button), leads back to the same place.
 */
const overlays = '[role="dialog"], [role="alertdialog"], [role="menu"]';

let last: HTMLElement | null = null;

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(overlays)) last = target;
});

/** The element to focus when an overlay closes; true leaves the choice to the overlay. */
export function lastPlace(): HTMLElement | true {
  return last?.isConnected === true ? last : true;
}

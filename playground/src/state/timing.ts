// How long after an edit things are known. In: edits and answers. Out: an event on the document, `keyward-known`, for whoever
// measures. Refuses to keep a history.

let newest = { number: 0, when: 0 };

/** Files were edited just now. */
export function born(number: number): void {
  newest = { number, when: performance.now() };
}

/** Something is known of them. */
export function known(what: string, number: number): void {
  if (number !== newest.number) return;
  document.dispatchEvent(new CustomEvent("keyward-known", { detail: { what, took: performance.now() - newest.when } }));
}

// Small choices that outlive the page. In: names and texts. Out: the same. Where storage is blocked nothing is remembered, and
// nothing breaks. Refuses to hold policies: `drafts` does.

const PREFIX = "keyward.";

/** What was remembered. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers. */
export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // Blocked or full: the choice lasts as long as the page.
  }
}

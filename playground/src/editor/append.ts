// Tests that are written by the page. In: the text of tests. Out: an edit at the end of the policy that is looked at. Refuses to
// touch what stands there.

import { main, version } from "../state/work";
import { replaceText, show } from "./desk";

/** Adds text at the end of the policy, and shows it. */
export function append(text: string): void {
  const file = main.peek();
  const before = version.peek().files[file] ?? "";
  const kept = before.endsWith("\n") ? before : `${before}\n`;
  replaceText(file, kept + text);
  show(file, kept.length + 1, kept.length + text.length - 1, false);
}

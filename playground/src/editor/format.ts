// The one spelling of a file. In: a file. Out: an edit. Refuses to touch a text that was edited meanwhile, or that cannot be read.

import { at, version } from "../state/work";
import { say } from "../parts/notice";
import { ask, Superseded } from "../worker/client";
import { t } from "../words/words";
import { replaceText } from "./desk";

/** Formats a file. */
export async function formatFile(file: string): Promise<void> {
  const { files } = at.peek();
  try {
    const text = await ask("format", { files, main: file });
    if (version.peek().number !== files) return;
    if (text === undefined) say(t("format-unreadable"));
    else replaceText(file, text);
  } catch (error) {
    if (!(error instanceof Superseded)) say((error as Error).message);
  }
}

// Short notices. In: a sentence. Out: a line that screen readers speak and that goes away. Refuses to hold anything important:
// what matters stays on the page.

import { signal } from "@preact/signals";

const notice = signal({ text: "", number: 0 });
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something. */
export function say(text: string): void {
  notice.value = { text, number: notice.peek().number + 1 };
  clearTimeout(timer);
  timer = setTimeout(() => (notice.value = { text: "", number: notice.peek().number }), 7000);
}

/** Where it is said. */
export function Notice() {
  return (
    <div class={notice.value.text ? "notice shown" : "notice"} role="status" aria-live="polite" data-number={notice.value.number}>
      {notice.value.text}
    </div>
  );
}

// From bytes of UTF-8 to places in a JavaScript string. In: a text. Out: a function. Refuses to guess: a byte inside a
// character is the start of that character.

/** The place in the string of a byte of its UTF-8. */
export function offsets(text: string): (byte: number) => number {
  if (/^[\0-\x7f]*$/.test(text)) return (byte) => Math.min(byte, text.length);
  const starts: number[] = [];
  const bytes: number[] = [];
  let byte = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!;
    starts.push(at);
    bytes.push(byte);
    byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
    at += code > 0xffff ? 2 : 1;
  }
  return (wanted) => {
    if (wanted >= byte) return text.length;
    let [low, high] = [0, bytes.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (bytes[middle]! <= wanted) low = middle;
      else high = middle - 1;
    }
    return starts[low] ?? 0;
  };
}

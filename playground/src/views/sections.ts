// The sections of a module. In: its bytes. Out: names and sizes. Refuses to read what is inside: the runtime does.

export interface Section {
  readonly name: string;
  readonly bytes: number;
  /** The name of a sentence about it. */
  readonly about?: string;
}

const NAMES = ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count"];
const ABOUT: Readonly<Record<string, string>> = {
  code: "section-code",
  data: "section-data",
  "keyward.id": "section-id",
  "keyward.schema": "section-schema",
  "keyward.outcomes": "section-outcomes",
  "keyward.reasons": "section-reasons",
};

/** The sections, in their order. */
export function sections(bytes: Uint8Array): readonly Section[] {
  const found: Section[] = [];
  let at = 8;
  const number = (): number => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++] ?? 0;
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127 && shift < 35);
    return value;
  };
  while (at < bytes.length) {
    const id = bytes[at++]!;
    const size = number();
    const end = at + size;
    let name = NAMES[id] ?? String(id);
    if (id === 0) {
      const length = number();
      name = new TextDecoder().decode(bytes.subarray(at, at + length));
    }
    found.push({ name, bytes: size, ...(ABOUT[name] && { about: ABOUT[name] }) });
    at = end;
  }
  return found;
}

// The policies that the page opens with. In: the files of this repository. Out: examples. Refuses to load a text before it is
// wanted.

/** Some files and the one that is meant. */
export interface Example {
  readonly id: string;
  readonly files: readonly string[];
  readonly main: string;
}

const texts = import.meta.glob<string>(["../../../policies/*/*.ward", "../../../bindings/cli/src/commands/starter.ward"], { query: "?raw", import: "default" });

const address = (id: string, name: string) => {
  if (name === "office.ward") return "../../../bindings/cli/src/commands/starter.ward";
  return `../../../policies/${name === "words.ward" ? "words" : id}/${name}`;
};

/** The starter policies, and the small one that `keyward new` writes: the tour walks through it. */
export const EXAMPLES: readonly Example[] = [
  { id: "after_hours", files: ["site_north.ward", "after_hours.ward", "words.ward", "strict.ward"], main: "site_north.ward" },
  { id: "pickup", files: ["pickup.ward", "words.ward", "strict.ward"], main: "pickup.ward" },
  { id: "access", files: ["access.ward", "words.ward", "strict.ward"], main: "access.ward" },
  { id: "field_swap", files: ["field_swap.ward", "words.ward", "strict.ward"], main: "field_swap.ward" },
  { id: "login", files: ["login.ward", "words.ward", "strict.ward"], main: "login.ward" },
  { id: "office", files: ["office.ward"], main: "office.ward" },
];

const requests = import.meta.glob<Readonly<Record<string, unknown>>>("../../../policies/*/request.json", { import: "default" });

/** What an example consists of: its texts, and a request to begin with. */
export interface Loaded {
  readonly files: Record<string, string>;
  readonly main: string;
  readonly request: Readonly<Record<string, unknown>>;
}

/** Loads an example. */
export async function loadExample(id: string): Promise<Loaded> {
  const example = EXAMPLES.find((one) => one.id === id) ?? EXAMPLES[0]!;
  const loaded = await Promise.all(
    example.files.map(async (name) => [name, (await texts[address(example.id, name)]!()).replace("{name}", "my.office")] as const),
  );
  const request = await requests[`../../../policies/${example.id}/request.json`]?.();
  return { files: Object.fromEntries(loaded), main: example.main, request: request ?? {} };
}

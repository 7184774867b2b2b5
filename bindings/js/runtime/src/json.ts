// Reading JSON exactly as RFC 8259 has it. In: text. Out: values as requests have them, objects without a prototype. Refuses
// what `JSON.parse` lets pass: a key that stands twice, half characters, more than 64 levels, and more than 1 MiB. Numbers
// that are written with a fraction or an exponent become `Written`, which no input takes, so that nothing is ever rounded.

import { RequestError } from "./error.js";

/** A number that is not written as a whole one. */
export class Written {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

const DEEPEST = 64;
const LARGEST = 1 << 20;
const PLAIN: Record<string, string> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Reads a text that holds one value and nothing else. Throws a `RequestError` (KW504) that names the place. */
export function parse(text: string): unknown {
  let at = 0;
  const fail = (what: string, place = at) => new RequestError("KW504", "", `${what} (at ${place})`);
  if (text.length > LARGEST || new TextEncoder().encode(text).length > LARGEST) throw fail(`the text is longer than ${LARGEST} bytes`);
  const blank = () => {
    while (at < text.length && " \t\n\r".includes(text[at]!)) at++;
  };
  const take = (character: string) => text[at] === character && (at++, true);

  function string(): string {
    const start = at++;
    let out = "";
    for (;;) {
      const character = text[at];
      if (character === undefined) throw fail("this string is not closed", start);
      if (character < " ") throw fail("a control character must be escaped in a string");
      at++;
      if (character === '"') break;
      if (character !== "\\") {
        out += character;
      } else if (text[at] === "u") {
        const digits = text.slice(at + 1, at + 5);
        if (!/^[\da-f]{4}$/i.test(digits)) throw fail("`\\u` takes four hexadecimal digits");
        out += String.fromCharCode(parseInt(digits, 16));
        at += 5;
      } else {
        const plain = text[at] !== undefined && Object.hasOwn(PLAIN, text[at]!) ? PLAIN[text[at]!] : undefined;
        if (plain === undefined) throw fail("there is no such escape");
        out += plain;
        at++;
      }
    }
    if (/\p{Surrogate}/u.test(out)) throw fail("half a pair of surrogates is no character", start);
    return out;
  }

  function value(depth: number): unknown {
    const start = text[at];
    if (start === '"') return string();
    if (start === "{" || start === "[") {
      if (depth >= DEEPEST) throw fail(`more than ${DEEPEST} levels stand inside each other`);
      at++;
      return start === "{" ? object(depth + 1) : array(depth + 1);
    }
    for (const [word, meant] of [["true", true], ["false", false], ["null", null]] as const) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meant;
      }
    }
    const [number] = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text.slice(at, at + 1000)) ?? [];
    if (number === undefined) throw fail(start === undefined ? "a value is missing here" : "this does not start a value");
    at += number.length;
    return /^-?\d+$/.test(number) ? Number(number) : new Written(number);
  }

  function array(depth: number): unknown[] {
    const items: unknown[] = [];
    blank();
    if (take("]")) return items;
    for (;;) {
      items.push(value(depth));
      blank();
      if (take("]")) return items;
      if (!take(",")) throw fail("a comma or `]` is missing here");
      blank();
    }
  }

  function object(depth: number): object {
    const members = Object.create(null);
    blank();
    if (take("}")) return members;
    for (;;) {
      const start = at;
      if (text[at] !== '"') throw fail("a key is a string in double quotes");
      const key = string();
      if (key in members) throw fail(`the key \`${key}\` stands here twice`, start);
      blank();
      if (!take(":")) throw fail("a colon is missing after the key");
      blank();
      members[key] = value(depth);
      blank();
      if (take("}")) return members;
      if (!take(",")) throw fail("a comma or `}` is missing here");
      blank();
    }
  }

  blank();
  const found = value(0);
  blank();
  if (at < text.length) throw fail("nothing may follow the value");
  return found;
}

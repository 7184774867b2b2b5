// The gate: what a module must be before it runs. In: bytes. Out: what the fixed loop in it is made of, or
// the reason it is refused. No imports, no function table, no start function, a fixed memory of at most 1 MiB, the
// exports of ABI 1, the fixed loop byte for byte (compared by digest), beside it at most one function without loops, and a table
// whose walks only go forward. So a call touches nothing outside, and ends. Refuses to judge what the policy says.

import { Bytes, damaged } from "./bytes.js";
import { LoadError } from "./error.js";

const LARGEST = 2 << 20;
const TABLE_AT = 0x1_0000;

const EXPORTS =
  "memory kw_decide kw_decide_table kw_partial kw_why kw_batch kw_abi kw_request kw_outcome kw_rows kw_results".split(" ");

/** What the gate found. */
export interface Passed {
  /** The parts that are the same in every module, in a row. */
  fixed_: Uint8Array<ArrayBuffer>;
}

const forbidden = (what: string): LoadError =>
  new LoadError("forbidden", `this is not a policy module: it has ${what}`);

/** Looks at a module that an engine has already found valid; `own` is how many functions the fixed loop has. */
export function gate(bytes: Uint8Array, own: number): Passed {
  if (bytes.length > LARGEST) throw new LoadError("too-large", "this module is larger than a policy can be");
  const fixed: number[] = [];
  const keep = (part: Iterable<number>) => {
    for (const byte of part) fixed.push(byte);
  };
  let types: number[] = [];
  let exported: number[] = [];
  let table: Uint8Array | undefined;
  const all = new Bytes(bytes, "the module");
  all.take(8);
  while (!all.done) {
    const id = all.byte();
    const it = new Bytes(all.take(all.number()), "a section");
    if (id === 0) {
      // Custom sections say nothing that runs.
    } else if (id === 1 || id === 6) {
      keep(it.all);
    } else if (id === 3) {
      types = it.list(() => it.number());
      keep(types.slice(0, own));
    } else if (id === 5) {
      const [count, limits, least, most] = [it.byte(), it.byte(), it.number(), it.number()];
      if (count !== 1 || limits !== 1 || least !== most || most > 16) {
        throw forbidden("a memory that grows or is larger than 1 MiB");
      }
    } else if (id === 7) {
      const found = new Map(it.list(() => [it.text(), it.take(1)[0]! * 1e6 + it.number()]));
      exported = EXPORTS.map((name) => found.get(name)!);
      if (found.size !== EXPORTS.length || exported.includes(undefined!)) throw forbidden("other exports than a policy");
      // `kw_decide` may be the one function of its own; everything else is the loop's.
      const [, decide, walk] = exported;
      if (decide !== walk && (decide !== own || types[decide] !== types[walk!])) {
        throw forbidden("an export that is not what it is called");
      }
      exported[1] = 0;
      keep(exported);
    } else if (id === 10) {
      const bodies = it.list(() => it.take(it.number()));
      if (bodies.length > own + 1) throw forbidden("more than one function of its own");
      bodies.slice(0, own).forEach(keep);
      if (bodies[own]) straight(new Bytes(bodies[own], "the code"), own);
    } else if (id === 11) {
      const [count, kind, op] = [it.byte(), it.byte(), it.byte()];
      if (count !== 1 || kind !== 0 || op !== 0x41 || it.number() !== TABLE_AT || it.byte() !== 0x0b) {
        throw forbidden("data that is not a table");
      }
      table = it.take(it.number());
    } else {
      throw forbidden(id === 2 ? "imports" : `a section of kind ${id}`);
    }
  }
  if (!table) throw forbidden("no table");
  if (!forward(new DataView(table.buffer, table.byteOffset, table.length))) throw damaged("its table");
  return { fixed_: Uint8Array.from(fixed) };
}

/** Whether a function runs straight through: no loops, no growing, no floats, nothing but calls into the loop. */
function straight(it: Bytes, own: number): void {
  it.list(() => [it.number(), it.byte()]);
  while (!it.done) {
    const op = it.byte();
    if (op === 0x02 || op === 0x04 || op === 0x0c || op === 0x0d || (op >= 0x20 && op <= 0x24) || op === 0x41 || op === 0x42) {
      it.number();
    } else if (op === 0x10) {
      if (it.number() >= own) throw forbidden("a function that calls itself");
    } else if (op === 0x0e) {
      it.list(() => it.number());
      it.number();
    } else if (op >= 0x28 && op <= 0x3e) {
      it.number();
      it.number();
    } else if (!(op <= 0x01 || op === 0x05 || op === 0x0b || op === 0x0f || op === 0x1a || op === 0x1b || (op >= 0x45 && op <= 0xbf))) {
      throw forbidden(op === 0x03 ? "a loop of its own" : `code that no policy needs (${op})`);
    }
  }
}

/** Whether nodes stand one after the other, every child stands behind its node, and every root is a node: so every walk ends. */
function forward(view: DataView): boolean {
  try {
    const word = (at: number) => view.getInt32(at, true);
    const half = (at: number) => view.getUint16(at, true);
    const starts = new Set<number>();
    const [levels, first, end, wide] = [word(24), word(36), word(40), half(6) & 1];
    // A root or a child: below zero a terminal, else half the place of a node.
    const wanted: number[] = [word(32)];
    for (let at = first; at < end; ) {
      const runs = view.getUint8(at + 1);
      const children = at + (runs ? 2 * runs : 2);
      const next = children + (runs || half(levels + 12 * view.getUint8(at) + 4)) * (wide ? 4 : 2);
      starts.add(at);
      for (let place = children; place < next; place += wide ? 4 : 2) {
        const child = wide ? word(place) : view.getInt16(place, true);
        if (child >= 0 && 2 * child <= at) return false;
        wanted.push(child);
      }
      at = next;
    }
    for (let number = 0; number < half(18); number++) {
      const decision = word(28) + 24 * number;
      for (let group = 0; group < half(decision + 12); group++) {
        const at = word(decision + 8) + 20 * group;
        wanted.push(word(at), word(at + 16));
      }
      for (let rule = 0; rule < half(decision + 14); rule++) wanted.push(word(word(decision + 20) + 12 * rule + 4));
    }
    return word(8) === view.byteLength && wanted.every((root) => root < 0 || starts.has(2 * root));
  } catch {
    return false;
  }
}

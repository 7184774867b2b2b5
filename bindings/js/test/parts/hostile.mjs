// Modules and requests that mean harm. In: a good module. Out: what must be refused, by name. Refuses to know how it is.

/** Seven bits a byte, lowest first. */
const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)]);
const section = (id, content) => ({ id, content });
const text = (word) => [...number(word.length), ...new TextEncoder().encode(word)];

function read(bytes, at) {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    shift += 7;
    if (byte < 128) return [value >>> 0, at];
  }
}

/** The sections of a module. */
export function sections(bytes) {
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const [size, start] = read(bytes, at + 1);
    found.push(section(id, [...bytes.subarray(start, start + size)]));
    at = start + size;
  }
  return found;
}

/** The module of some sections. */
export const assemble = (list) =>
  Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...list.flatMap(({ id, content }) => [id, ...number(content.length), ...content])]);

/** The bodies of the code section. */
function bodies(code) {
  const [count, start] = read(code, 0);
  const found = [];
  for (let at = start; found.length < count; ) {
    const [size, body] = read(code, at);
    found.push(code.slice(body, body + size));
    at = body + size;
  }
  return found;
}

const code = (list) => [...number(list.length), ...list.flatMap((body) => [...number(body.length), ...body])];

/** Modules that must be refused: [name, bytes]. `own` is how many functions the fixed loop has. */
export function modules(good, own) {
  const all = sections(good);
  const at = (id) => all.findIndex((section) => section.id === id);
  const changed = (id, content) => assemble(all.map((one) => (one.id === id ? section(id, content) : one)));
  const inserted = (before, one) => assemble([...all.slice(0, at(before)), one, ...all.slice(at(before))]);
  const list = [];
  const add = (name, bytes) => list.push([name, bytes]);

  // Not modules, or not whole ones.
  add("nothing", new Uint8Array());
  add("the head alone", good.slice(0, 8));
  add("another version", Uint8Array.from([...good.slice(0, 4), 2, 0, 0, 0, ...good.slice(8)]));
  add("a component", Uint8Array.from([...good.slice(0, 4), 0x0d, 0, 1, 0, ...good.slice(8)]));
  add("text", new TextEncoder().encode("(module)"));
  add("three megabytes", new Uint8Array(3 << 20));
  add("a good module with three megabytes behind", assemble([...all, section(0, [...text("x"), ...new Array(3 << 20).fill(0)])]));
  for (let cut = 1; cut <= 90; cut++) add(`cut off at ${cut}/91`, good.slice(0, Math.floor((good.length * cut) / 91)));
  for (const { id } of all.filter((one) => one.id)) add(`without section ${id}`, assemble(all.filter((one) => one.id !== id)));
  for (const name of ["keyward.id", "keyward.schema", "keyward.outcomes"]) {
    const own = text(name);
    const is = ({ id, content }) => id === 0 && own.every((byte, place) => content[place] === byte);
    add(`without ${name}`, assemble(all.filter((one) => !is(one))));
    for (const part of [0.2, 0.5, 0.9]) {
      const less = (one) => section(0, one.content.slice(0, own.length + Math.floor((one.content.length - own.length) * part)));
      add(`${name} cut off at ${part}`, assemble(all.map((one) => (is(one) ? less(one) : one))));
    }
    add(`${name} with another version`, assemble(all.map((one) => (is(one) ? section(0, one.content.with(own.length, 9)) : one))));
  }

  // Things no policy has.
  add("an import of a function", inserted(3, section(2, [1, ...text("env"), ...text("tick"), 0, 0])));
  add("an import of a memory", inserted(3, section(2, [1, ...text("env"), ...text("memory"), 2, 0, 1])));
  add("an import of a global", inserted(3, section(2, [1, ...text("env"), ...text("g"), 3, 0x7f, 0])));
  add("a table of functions", inserted(5, section(4, [1, 0x70, 0, 1])));
  add("a start function", inserted(10, section(8, [0])));
  add("elements", assemble([...all.slice(0, at(5)), section(4, [1, 0x70, 0, 1]), ...all.slice(at(5), at(10)), section(9, [1, 0, 0x41, 0, 0x0b, 1, 0]), ...all.slice(at(10))]));
  for (const [name, limits] of [
    ["that grows", [0, 1]],
    ["with room to grow", [1, 2, 3]],
    ["of 17 pages", [1, 17, 17]],
    ["of 65536 pages", [1, ...number(65536), ...number(65536)]],
  ]) {
    add(`a memory ${name}`, changed(5, [1, ...limits]));
  }

  // Exports that are not what they are called.
  const exported = all[at(7)].content;
  const [, first] = read(exported, 0);
  const entries = [];
  for (let place = first; place < exported.length; ) {
    const [length, start] = read(exported, place);
    const [index, next] = read(exported, start + length + 1);
    entries.push({ name: exported.slice(start, start + length), kind: exported[start + length], index });
    place = next;
  }
  const exports = (list) => changed(7, [...number(list.length), ...list.flatMap(({ name, kind, index }) => [...number(name.length), ...name, kind, ...number(index)])]);
  entries.forEach((entry, place) => {
    const name = new TextDecoder().decode(Uint8Array.from(entry.name));
    add(`without the export ${name}`, exports(entries.toSpliced(place, 1)));
    add(`${name} under another name`, exports(entries.with(place, { ...entry, name: [...entry.name, 0x78] })));
    if (entry.kind === 0) add(`${name} is another function`, exports(entries.with(place, { ...entry, index: (entry.index + 1) % own })));
  });
  add("one export more", exports([...entries, { name: [0x78], kind: 0, index: 0 }]));

  // Code of its own that need not end, or reaches out.
  const all_bodies = bodies(all[at(10)].content);
  const mine = (body) => changed(10, code([...all_bodies.slice(0, own), body]));
  for (const [name, body] of [
    ["a loop", [0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 0, 0x0b]],
    ["a loop in a block", [0, 0x02, 0x40, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b, 0x41, 0, 0x0b]],
    ["growing", [0, 0x41, 1, 0x40, 0, 0x0b]],
    ["a call of itself", [0, 0x20, 0, 0x20, 1, 0x20, 2, 0x10, own, 0x0b]],
    ["floats", [0, 0x43, 0, 0, 0, 0, 0x1a, 0x41, 0, 0x0b]],
    ["vectors", [0, 0xfd, 0x0c, ...new Array(16).fill(0), 0x1a, 0x41, 0, 0x0b]],
    ["an indirect call", [0, 0x41, 0, 0x11, 0, 0, 0x41, 0, 0x0b]],
    ["a bulk copy", [0, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0a, 0, 0, 0x41, 0, 0x0b]],
    ["a throw", [0, 0x08, 0, 0x41, 0, 0x0b]],
  ]) {
    add(`code with ${name}`, mine(body));
  }
  const types = all[at(3)].content;
  const [count, listed] = read(types, 0);
  add("two functions of its own", assemble(all.map((one) => {
    if (one.id === 3) return section(3, [...number(count + 1), ...types.slice(listed), types.at(-1)]);
    return one.id === 10 ? section(10, code([...all_bodies, all_bodies.at(-1)])) : one;
  })));
  for (let place = 0; place < own; place++) {
    // Another number or another place in each function of the loop.
    const body = all_bodies[place];
    const spot = body.findLastIndex((byte) => byte === 0x41 || byte === 0x20 || byte === 0x6a);
    const other = body.with(spot, { 0x41: 0x42, 0x20: 0x22, 0x6a: 0x6b }[body[spot]] ?? 0);
    add(`the loop with function ${place} changed`, changed(10, code(all_bodies.with(place, other))));
    const swap = (place + 1) % own;
    add(`the loop with functions ${place} and ${swap} exchanged`, changed(10, code(all_bodies.with(place, all_bodies[swap]).with(swap, body))));
  }

  // Data that is no table.
  const data = all[at(11)].content;
  add("data elsewhere", changed(11, [1, 0, 0x41, ...number(0x20000), ...data.slice(data.indexOf(0x0b))]));
  add("passive data", changed(11, [1, 1, 1, 0]));
  add("two pieces of data", changed(11, [2, ...data.slice(1), 0, 0x41, 0, 0x0b, 1, 0]));
  add("data from a global", changed(11, [1, 0, 0x23, 0, 0x0b, 1, 0]));
  // Tables whose walks would go round: a node that leads to itself or back, roots in the middle of a node or before the nodes.
  const table = data.slice(data.findIndex((byte, at) => byte === 0x4b && data[at + 1] === 0x57 && data[at + 2] === 0x44 && data[at + 3] === 0x31));
  const head = data.slice(0, data.length - table.length);
  const bytesOf = Uint8Array.from(table);
  const view = new DataView(bytesOf.buffer);
  const withTable = (change) => {
    const copy = new DataView(bytesOf.slice().buffer);
    change(copy);
    return changed(11, [...head, ...new Uint8Array(copy.buffer)]);
  };
  const [levels, nodes, ending] = [24, 36, 40].map((place) => view.getUint32(place, true));
  let before = nodes;
  for (let node = nodes, number = 0; node < ending && number < 40; number++) {
    const runs = view.getUint8(node + 1);
    const child = node + (runs ? 2 * runs : 2);
    const [here, back] = [node >> 1, before >> 1];
    add(`node ${number} leads to itself`, withTable((copy) => copy.setUint16(child, here, true)));
    if (number) add(`node ${number} leads back`, withTable((copy) => copy.setUint16(child, back, true)));
    before = node;
    node = child + 2 * (runs || view.getUint16(levels + 12 * view.getUint8(node) + 4, true));
  }
  add("the valid requests start in a node", withTable((copy) => copy.setUint32(32, view.getUint32(32, true) + 1, true)));
  add("the valid requests start before the nodes", withTable((copy) => copy.setUint32(32, 1, true)));
  add("the valid requests start behind the nodes", withTable((copy) => copy.setUint32(32, ending >> 1, true)));
  add("a group starts in a node", withTable((copy) => {
    const group = view.getUint32(view.getUint32(28, true) + 8, true);
    copy.setUint32(group, view.getUint32(group, true) + 1, true);
  }));
  add("nodes without end", withTable((copy) => copy.setUint32(40, 0x7fff_fff0, true)));
  add("a table that is longer than it says", withTable((copy) => copy.setUint32(8, 100, true)));
  add("an empty table", changed(11, [1, 0, 0x41, ...number(0x10000), 0x0b, 0]));
  return list;
}

/** A small sequence of numbers that looks random and is always the same. */
export function* sequence(seed) {
  let state = BigInt(seed);
  for (;;) {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    yield Number(state >> 33n);
  }
}

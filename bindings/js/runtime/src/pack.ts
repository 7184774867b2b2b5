// Packing requests. In: plain objects. Out: bytes in the memory of a module, or the input and the kind of mistake. What is not
// given stays unknown, unless it is a setting with a default. Only own, enumerable keys count, so `constructor` and
// `__proto__` are keys like any other. Refuses to guess: no unknown key, no rounded number, no near miss.

import { RequestError, type RequestCode } from "./error.js";
import type { Layout, Slot } from "./schema.js";
import { day, duration, minute } from "./time.js";
import type { Fault, Words } from "./words.js";

const NOT_SET_DATE = -0x8000_0000;
const SURROGATE = /\p{Surrogate}/u;

/** Which duties the host can perform: for a set answer the members it can; others make a decision `duty-unsupported`. */
export type Duties = Readonly<Record<string, readonly string[]>>;

/** Reads instants: gives the day number times 1440 plus the minute at the site, or what is wrong. */
export type Instants = (value: string | Date, site: string | undefined) => number | Fault;

/** The keys of an object, and for each the shape of the object inside, if there is one. */
interface Shape {
  keys_: string[];
  below_: (Shape | undefined)[];
}

/** What stays the same for all requests of one shape: their inputs in the order of their keys, and the other bytes. */
interface Plan {
  shape_: Shape;
  slots_: Slot[];
  template_: Int32Array;
}

/** A request being packed. */
interface Packing {
  view_: DataView;
  at_: number;
  site_: string | undefined;
  fresh_: Fresh[] | undefined;
}

/** An identifier the policy does not know by name. */
interface Fresh {
  kind_: string;
  name_: string;
}

function put(view: DataView, { at_: place, width_: width }: Slot, at: number, value: number): void {
  place += at;
  if (width === 1) view.setUint8(place, value);
  else if (width === 2) view.setUint16(place, value, true);
  else view.setInt32(place, value, true);
}

/** The number of an identifier that the policy does not know by name: the one that the same name of this request has. */
function identifier({ numbers_: known, input }: Slot, name: string, fresh: Fresh[]): number {
  let place = 0;
  // Names of different kinds are never compared.
  while (place < fresh.length && (fresh[place]!.name_ !== name || fresh[place]!.kind_ !== input.of)) place++;
  if (place === fresh.length) fresh.push({ kind_: input.of, name_: name });
  return known.size + place;
}

const PLAIN = {};

/**
 * Collects the values of a request that has this shape; false if it has another, or a value is missing. Going through the keys
 * with `in` is quick, and right only where nothing is inherited.
 */
function gather({ keys_: keys, below_: below }: Shape, request: object, values: unknown[]): boolean {
  const parent = Object.getPrototypeOf(request);
  if (parent !== Object.prototype && parent !== null) return false;
  let number = 0;
  for (const key in request) {
    if (keys[number] !== key) return false;
    const value = (request as Record<string, unknown>)[key];
    const inside = below[number++];
    if (value === undefined) return false;
    if (inside === undefined) values.push(value);
    else if (!isObject(value) || !gather(inside, value, values)) return false;
  }
  return number === keys.length;
}

/** Whether somebody gave every object more keys. */
function polluted(): boolean {
  for (const _ in PLAIN) return true;
  return false;
}

/** Whether a text has no half characters. */
function whole(text: string): boolean {
  return (text as { isWellFormed?(): boolean }).isWellFormed?.() ?? !SURROGATE.test(text);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Packs requests of one policy. */
export class Packer {
  prefixes_ = new Set<string>();
  byName_: Map<string, Slot>;
  plain_: Uint8Array;
  plans_: Plan[] = [];
  fresh_: Fresh[] = [];
  round_ = 0;

  constructor(
    readonly layout_: Layout,
    hash: Uint8Array,
    readonly instants_?: Instants,
    readonly words_?: Words,
  ) {
    const { slots_: slots } = layout_;
    this.byName_ = new Map(slots.map((slot) => [slot.input.name, slot]));
    this.plain_ = new Uint8Array(layout_.requestLen_);
    this.plain_.set(hash);
    const view = new DataView(this.plain_.buffer);
    for (const place of layout_.places_.flat()) if (place.kind_ === 2) view.setInt32(place.duty_, -1, true);
    for (const slot of slots) {
      const { name } = slot.input;
      for (let end = 0; (end = name.indexOf(".", end + 1)) > 0; ) this.prefixes_.add(name.slice(0, end));
      if (!slot.packed_) continue;
      const [value, minutes] = slot.packed_;
      put(view, slot, 0, typeof value === "string" ? (slot.numbers_.get(value) ?? identifier(slot, value, this.fresh_)) : value);
      if (slot.kind_ === 5) view.setUint16(slot.minuteAt_, minutes, true);
    }
  }

  /** The error of a mistake. */
  fail_(code: RequestCode, fault: Fault, key = "", value?: unknown, slot?: Slot): RequestError {
    const [text, accepted] = this.words_?.(fault, value, slot, [...this.byName_.keys()]) ?? [fault, ""];
    return new RequestError(code, key, text, accepted);
  }

  /** Writes a request to a place; gives the round, which is over when another one starts. */
  pack_(request: object, memory: Int32Array, view: DataView, at: number, site: string | undefined): number {
    if (!isObject(request)) throw this.fail_("KW504", "no object", "", request);
    // The values are read before anything is written: a getter may decide, too.
    let values: unknown[] = [];
    let plan = this.plans_[0];
    if (!plan || !gather(plan.shape_, request, values) || polluted()) {
      plan = this.plans_.find(({ shape_: shape }) => !polluted() && gather(shape, request, (values = [])));
      if (plan) this.plans_ = [plan, ...this.plans_.filter((other) => other !== plan)];
      else plan = this.plan_(request, (values = []));
    }
    const round = ++this.round_;
    const { template_: template, slots_: slots } = plan;
    for (let word = 0, to = at >> 2; word < template.length; word++) memory[to + word] = template[word]!;
    const packing: Packing = { view_: view, at_: at, site_: site, fresh_: undefined };
    for (let number = 0; number < slots.length; number++) {
      const slot = slots[number]!;
      const value = values[number];
      // Most inputs are simple.
      if (slot.kind_ === 0 && typeof value === "boolean") view.setUint8(at + slot.at_, value ? 1 : 0);
      else if (slot.kind_ === 1 && typeof value === "string") view.setUint8(at + slot.at_, this.one_(slot, value));
      else this.fill_(slot, value, packing);
    }
    return round;
  }

  /** Says in a packed request which duties can be performed. */
  duties_(decision: number, duties: Duties, view: DataView, at: number): void {
    for (const name of Object.keys(duties)) {
      const { answers } = this.layout_.decisions_[decision]!;
      const number = answers.findIndex((answer) => answer.name === name && answer.type === "set of");
      let able = 0;
      for (const member of duties[name]!) {
        const place = answers[number]?.values.indexOf(member) ?? -1;
        if (place < 0) throw this.fail_("KW501", "duty", name, member);
        able |= 1 << place;
      }
      if (number < 0) throw this.fail_("KW501", "duty", name);
      view.setInt32(at + this.layout_.places_[decision]![number]!.duty_, able, true);
      view.setUint8(at + 4, view.getUint8(at + 4) | 2);
    }
  }

  /** A new plan for a request, and its values. */
  plan_(request: object, values: unknown[]): Plan {
    const found = new Set<Slot>();
    const shape = this.shape_("", request, found, values);
    const template = this.plain_.slice();
    const { slots_: slots, requestLen_: length } = this.layout_;
    const known = slots.filter((slot) => slot.packed_ || found.has(slot));
    if (known.length < slots.length) {
      template[4] = 1;
      const knownAt = length - ((slots.reduce((sum, slot) => sum + slot.count_, 31) >> 5) << 2);
      for (const slot of known) {
        for (let bit = slot.known_; bit < slot.known_ + slot.count_; bit++) template[knownAt + (bit >> 3)]! |= 1 << (bit & 7);
      }
    }
    const plan = { shape_: shape, slots_: [...found], template_: new Int32Array(template.buffer) };
    this.plans_ = [plan, ...this.plans_.slice(0, 7)];
    return plan;
  }

  shape_(prefix: string, object: object, slots: Set<Slot>, values: unknown[]): Shape {
    const shape: Shape = { keys_: [], below_: [] };
    for (const key of Object.keys(object)) {
      const name = prefix + key;
      const value = (object as Record<string, unknown>)[key];
      const slot = this.byName_.get(name);
      // Given without a value: the same as not given.
      if (value === undefined) continue;
      if (slot) {
        if (slots.has(slot)) throw this.fail_("KW501", "twice", name);
        slots.add(slot);
        values.push(value);
        shape.below_.push(undefined);
      } else if (!this.prefixes_.has(name)) {
        throw this.fail_("KW501", "unknown", name);
      } else if (!isObject(value)) {
        throw this.fail_("KW501", "several", name, value);
      } else {
        shape.below_.push(this.shape_(`${name}.`, value, slots, values));
      }
      shape.keys_.push(key);
    }
    return shape;
  }

  /** Puts the value of one input. */
  fill_(slot: Slot, value: unknown, packing: Packing): void {
    const { kind_: kind, input } = slot;
    const { view_: view, at_: at } = packing;
    const fail = (code: RequestCode, fault: Fault) => this.fail_(code, fault, input.name, value, slot);
    let number: number;
    if (value === null) {
      if (!input.optional) throw fail("KW502", "null");
      if (kind === 5) view.setUint16(at + slot.minuteAt_, -1, true);
      number = kind === 5 || kind === 6 ? NOT_SET_DATE : -1;
    } else if (kind === 2 && Array.isArray(value)) {
      number = 0;
      for (const member of value) {
        const place = this.one_(slot, member);
        if ((number >>> place) & 1) throw this.fail_("KW503", "member twice", input.name, member, slot);
        number |= 1 << place;
      }
    } else if ((kind === 3 || kind === 4) && typeof value === "number") {
      number = value;
      if (!Number.isInteger(value)) throw fail("KW502", "whole");
      if (number < input.least || number > input.greatest || Object.is(number, -0)) throw fail("KW503", "range");
    } else if (kind === 5 && (typeof value === "string" || value instanceof Date)) {
      const local = this.moment_(value, slot, packing.site_);
      if (typeof local !== "number") throw fail(local === "range" ? "KW503" : "KW502", local);
      number = Math.floor(local / 1440);
      view.setUint16(at + slot.minuteAt_, local - number * 1440, true);
    } else if (kind > 3 && kind !== 5 && typeof value === "string") {
      if (kind === 8) {
        if (!value) throw fail("KW503", "empty");
        if (!whole(value)) throw fail("KW502", "half");
        number = slot.numbers_.get(value) ?? identifier(slot, value, (packing.fresh_ ??= this.fresh_.slice()));
      } else {
        number = kind === 4 ? duration(value) : kind === 7 ? minute(value, 0, 5) : day(value, 10);
        if (number !== number) throw fail("KW502", "text");
        if (kind !== 7 && (number < input.least || number > input.greatest)) throw fail("KW503", "range");
      }
    } else {
      throw fail("KW502", "type");
    }
    put(view, slot, at, number);
  }

  one_(slot: Slot, value: unknown): number {
    const { values } = slot.input;
    for (let place = 0; place < 8 && place < values.length; place++) if (values[place] === value) return place;
    const place = slot.numbers_.get(value as string);
    if (place !== undefined) return place;
    const text = typeof value === "string";
    throw this.fail_(text ? "KW503" : "KW502", text ? "no value" : "type", slot.input.name, value, slot);
  }

  /** The day and minute of `2026-12-25T23:30`, perhaps with seconds, which are dropped; or of an instant. */
  moment_(value: string | Date, slot: Slot, site: string | undefined): number | Fault {
    if (typeof value === "string" && value[10] === "T" && (value.length === 16 || /^.{16}:[0-5]\d$/.test(value))) {
      const local = day(value) * 1440 + minute(value, 11);
      return local === local ? local : "text";
    }
    return this.instants_?.(value, slot.input.of || site) ?? "text";
  }
}

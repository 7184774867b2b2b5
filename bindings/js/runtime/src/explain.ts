// Why, and what is still possible. In: requests. Out: the rules that applied, and the values an answer can still have. Refuses
// to give reasons for anything but a decision with the status `ok`.

import { Bytes } from "./bytes.js";
import { Decider, limit, type Decided, type Exports, type Extras, type Options, type Said, type Status } from "./policy.js";
import type { Answer, Place, Reason, Slot, Value } from "./schema.js";
import { dayText } from "./time.js";
import { words } from "./words.js";
import { instants } from "./zones.js";

const NORMALLY = 0x7fff;

/** What was decided, and why: the same members as the JSON of the `keyward decide` command, and two more. */
export interface Explained<A = Readonly<Record<string, Said>>> extends Decided<A> {
  /** The rules that decided. */
  readonly because: readonly Reason[];
  readonly policy: { readonly name: string; readonly version: number; readonly hash: string };
  /** Rules that applied and gave way to an exception. */
  readonly overridden: readonly Reason[];
  /** Rules that applied while something stricter or shorter won. */
  readonly milder: readonly Reason[];
}

/** The members of a set: those that may be in, those that are in wherever it is answered; whether it may be blank or answered. */
export interface PossibleSet {
  readonly may: readonly string[];
  readonly must: readonly string[];
  readonly blank: boolean;
  readonly answered: boolean;
}

/** What each answer can still be: its values, `null` for blank; for a set its members. */
export interface Possible {
  readonly decision: string;
  readonly status: Status;
  readonly answers: Readonly<Record<string, readonly Said[] | PossibleSet>>;
}

/** A policy that also explains itself. */
export class Policy<R extends object = object, D = Record<string, Readonly<Record<string, Said>>>> extends Decider<R, D> {
  /** @internal */ rules_: Reason[] = [];
  /** @internal */ normally_: Reason[] = [];

  /** @internal Use `load`. */
  constructor(exports: Exports, digest: string, section: (name: string) => Bytes) {
    super(exports, digest, section, EXTRAS);
    const reasons = section("keyward.reasons");
    if (!reasons.done) {
      reasons.number();
      reasons.text();
      const read = (): Reason => ({ rule: reasons.text(), text: reasons.text(), cite: reasons.text() });
      this.rules_ = reasons.list(read);
      this.normally_ = this.decisions.map(read);
    }
  }

  /** Decides, and says why. */
  why<N extends keyof D & string = keyof D & string>(request: R, options?: Options & { decision?: N }): Explained<D[N]> {
    const decision = this.place_(request, options);
    const decided = this.decided_(decision) as Decided<D[N]>;
    const parts: [Reason[], Reason[], Reason[]] = [[], [], []];
    const count = decided.status === "ok" ? this.call_("kw_why", decision) : 0;
    const found = Array.from({ length: count }, (_, place) => this.view_.getUint32(this.outcome_ + 8 + 4 * place, true));
    // Each in source order; the module does not sort.
    for (const word of found.sort((one, other) => one - other)) {
      const rule = word & 0xffff;
      const reason = rule === NORMALLY ? this.normally_[decision] : this.rules_[rule];
      const named = reason?.rule || (rule === NORMALLY ? "normally" : `${rule}`);
      parts[word >>> 16]!.push({ rule: named, text: reason?.text ?? "", cite: reason?.cite ?? "" });
    }
    const [because, overridden, milder] = parts;
    const policy = { name: this.name, version: this.version, hash: this.source };
    return { ...decided, because, policy, overridden, milder };
  }

  /** The packed request, as logs and the compiler take it. */
  pack(request: R, options?: Options): Uint8Array<ArrayBuffer> {
    this.place_(request, options);
    return Uint8Array.from(this.memory_.subarray(this.request_, this.request_ + this.layout_.requestLen_));
  }

  /** What each answer can still be while some inputs are unknown. Exact over everything possible. */
  partial(request: R, options?: Options): Possible {
    const decision = this.place_(request, options);
    const status = this.status_(this.call_("kw_partial", decision));
    const { name, answers } = this.decisions[decision]!;
    const all = Object.create(null);
    answers.forEach((answer, number) => {
      all[answer.name] = this.possible_(decision, number, answer, this.layout_.places_[decision]![number]!);
    });
    return { decision: name, status, answers: all };
  }

  /** @internal */
  possible_(decision: number, number: number, { values }: Answer, { kind_: kind }: Place): readonly Said[] | PossibleSet {
    const at = this.outcome_ + 4 + 32 * number;
    const bit = (place: number) => ((this.memory_[at + (place >> 3)]! >> (place & 7)) & 1) === 1;
    if (kind === 2) {
      const may = values.filter((_, member) => bit(member));
      return { may, must: may.filter((member) => !bit(32 + values.indexOf(member))), blank: bit(64), answered: bit(65) };
    }
    let all: Said[] = kind === 4 ? [false, true] : [...values];
    if (kind === 3) {
      // The durations stand in the table alone.
      const word = (at: number) => this.view_.getInt32(0x1_0000 + at, true);
      const answer = word(word(28) + 24 * decision) + 12 * number;
      all = Array.from({ length: word(answer + 4) & 0xffff }, (_, place) => limit(word(word(answer + 8) + 4 * place)));
    }
    all = all.filter((_, place) => bit(place));
    return bit(255) ? [null, ...all] : all;
  }
}

function readable(slot: Slot, value: number | string, minute: number): Value {
  const { values } = slot.input;
  const two = (number: number) => `${number}`.padStart(2, "0");
  const time = (at: number) => `${two((at / 60) | 0)}:${two(at % 60)}`;
  if (typeof value === "string") return value;
  switch (slot.kind_) {
    case 0:
      return value === 1;
    case 1:
    case 8:
      return values[value] ?? value;
    case 2:
      return values.filter((_, member) => (value >>> member) & 1);
    case 5:
      return `${dayText(value | 0)}T${time(minute)}`;
    case 6:
      return dayText(value | 0);
    case 7:
      return time(value);
    default:
      return value;
  }
}

const EXTRAS: Extras = { instants_: instants, words_: words, readable_: readable };

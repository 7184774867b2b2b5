// A loaded policy. In: an instance of a module and its sections. Out: decisions. Anything but the status `ok` comes with the
// answers of `if unsure`, and an engine that fails is an error, never an answer. Refuses to know pages.

import { Bytes, damaged, hex } from "./bytes.js";
import { DecideError, RequestError } from "./error.js";
import { Packer, type Duties, type Instants } from "./pack.js";
import { layout, type Answer, type Decision, type Input, type Layout, type Place, type Readable } from "./schema.js";
import type { Words } from "./words.js";

/** How a decision came about; anything but `ok` comes with the answers of `if unsure`. */
export type Status = "ok" | "unsure-missing" | "unsure-invalid" | "schema-mismatch" | "duty-unsupported";

/** The value of an answer: `null` is blank, minutes are numbers, without a limit they are the text `no limit`. */
export type Said = string | boolean | number | readonly string[] | null;

/** What was decided. */
export interface Decided<A = Readonly<Record<string, Said>>> {
  readonly decision: string;
  readonly status: Status;
  readonly answers: A;
}

/** How to decide. */
export interface Options {
  /** Which decision, where a policy has several. */
  readonly decision?: string;
  /** The zone of the site, for moments that are instants. A zone the policy names goes first. */
  readonly zone?: string;
  /** Which duties can be performed here. Unless it is given: all. */
  readonly duties?: Duties;
  /** Answer a request that cannot be read with `if unsure` instead of throwing, as a host that must act does. */
  readonly unsure?: boolean;
}

type Call = (decision: number, request: number, out: number) => number;

/** What a module exports. */
export interface Exports {
  memory: WebAssembly.Memory;
  kw_decide: Call;
  kw_partial: Call;
  kw_why: Call;
  kw_abi(): number;
  kw_request(): number;
  kw_outcome(): number;
}

/** What the whole runtime adds to deciding. */
export interface Extras {
  instants_?: Instants;
  words_?: Words;
  readable_?: Readable;
}

export const STATUSES: Status[] = ["ok", "unsure-missing", "unsure-invalid", "schema-mismatch", "duty-unsupported"];
const BLANK = -1;
const NO_LIMIT = -2;
/** The byte of a request's flags that makes every module answer with `if unsure`. */
const REFUSED = 7;

/** Minutes, or that there is no limit. */
export const limit = (minutes: number): Said => (minutes === NO_LIMIT ? "no limit" : minutes);

type Shape = new (words: DataView, at: number) => Record<string, Said>;

/** Objects whose only names are those of the answers, not even `constructor`; made from the words of an outcome. */
function shape(answers: readonly Answer[], places: readonly Place[]): Shape {
  const names = answers.map((answer) => answer.name);
  const made = function (this: Record<string, Said>, words: DataView, at: number) {
    for (let number = 0; number < names.length; number++) this[names[number]!] = said(answers[number]!, places[number]!, words, at);
  };
  made.prototype = Object.freeze(Object.create(null));
  return made as unknown as Shape;
}

/** The value of an answer. */
function said({ values }: Answer, { kind_: kind, word_: word, sets_: sets }: Place, words: DataView, at: number): Said {
  const value = words.getInt32(at + 4 * word, true);
  if (kind === 2) {
    if (words.getInt32(at + 4 * word + 4, true) === BLANK) return null;
    let members = sets.get(value);
    if (!members) sets.set(value, (members = Object.freeze(values.filter((_, member) => (value >>> member) & 1))));
    return members;
  }
  if (value === BLANK) return null;
  return kind === 4 ? value === 1 : kind === 3 ? limit(value) : values[value]!;
}

/** One policy, ready to decide. */
export class Decider<R extends object = object, D = Record<string, Readonly<Record<string, Said>>>> {
  /** The name and version of the policy, its title, and the hash of its sources. */
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly source: string;
  /** What made the module, and what was proved then: so many tests and asserts, for so many possible requests. */
  readonly compiler: string;
  readonly tests: number;
  readonly asserts: number;
  readonly requests: bigint;
  /** What the policy means: modules that answer every request alike have the same. A hint, no proof. */
  readonly fingerprint: string;
  /** What it asks and what it answers. */
  readonly inputs: readonly Input[];
  readonly decisions: readonly Decision[];

  /** @internal */ layout_: Layout;
  /** @internal */ packer_: Packer;
  /** @internal */ view_: DataView;
  /** @internal */ memory_: Uint8Array;
  /** @internal */ words_: Int32Array;
  /** @internal */ request_: number;
  /** @internal */ outcome_: number;
  /** @internal */ shapes_: Shape[];

  /** @internal Use `load`. */
  constructor(
    /** @internal */ readonly exports_: Exports,
    /** SHA-256 of the module: the same bytes everywhere have the same. */
    readonly digest: string,
    section: (name: string) => Bytes,
    extras: Extras,
  ) {
    const id = section("keyward.id");
    if (id.number() !== 1 || exports_.kw_abi() !== 1) throw damaged("its version");
    id.number();
    [this.name, this.version, this.title] = [id.text(), id.number(), id.text()];
    this.source = hex(id.take(32));
    this.layout_ = layout(section("keyward.schema"), section("keyward.outcomes"), extras.readable_);
    this.inputs = this.layout_.slots_.map((slot) => slot.input);
    this.decisions = this.layout_.decisions_;
    const hash = id.take(4);
    this.compiler = id.text();
    [this.tests, this.asserts] = [id.number(), id.number()];
    this.requests = BigInt(id.text());
    this.fingerprint = hex(id.take(16));
    this.view_ = new DataView(exports_.memory.buffer);
    this.memory_ = new Uint8Array(exports_.memory.buffer);
    this.words_ = new Int32Array(exports_.memory.buffer);
    const table = (at: number) => this.view_.getUint16(0x1_0000 + at, true);
    const { requestLen_: length, shortLen_: short } = this.layout_;
    if (table(20) !== length || table(22) !== short || hash.some((byte, at) => byte !== this.memory_[0x1_000c + at])) {
      throw damaged("its schema");
    }
    this.packer_ = new Packer(this.layout_, hash, extras.instants_, extras.words_);
    [this.request_, this.outcome_] = [exports_.kw_request(), exports_.kw_outcome()];
    this.shapes_ = this.decisions.map(({ answers }, number) => shape(answers, this.layout_.places_[number]!));
  }

  /** Decides. Throws a `RequestError` where the request says something the policy does not know. */
  decide<N extends keyof D & string = keyof D & string>(request: R, options?: Options & { decision?: N }): Decided<D[N]> {
    return this.decided_(this.place_(request, options)) as Decided<D[N]>;
  }

  /** @internal Puts a request into the module's memory; gives the number of the decision. */
  place_(request: R, options: Options = {}): number {
    const { decision: name, zone, duties, unsure } = options;
    const number = name === undefined && this.decisions.length === 1 ? 0 : this.decisions.findIndex((decision) => decision.name === name);
    if (number < 0) {
      const names = this.decisions.map((decision) => decision.name).join(", ");
      throw new RequestError("KW501", name ?? "", "the decision has to be one of the policy's", names);
    }
    try {
      const round = this.packer_.pack_(request, this.words_, this.view_, this.request_, zone);
      if (duties) this.packer_.duties_(number, duties, this.view_, this.request_);
      // What is read from inside an array or a date may decide in turn, and write over what was written.
      if (this.packer_.round_ !== round) throw new Error("the request decides while it is read");
    } catch (error) {
      if (!unsure) {
        if (error instanceof RequestError) throw error;
        throw new RequestError("KW504", "", "the request cannot be read", "", { cause: error });
      }
      this.memory_[this.request_ + REFUSED] = 0x80;
    }
    return number;
  }

  /** @internal */
  call_(name: "kw_decide" | "kw_partial" | "kw_why", decision: number): number {
    try {
      return this.exports_[name](decision, this.request_, this.outcome_);
    } catch (error) {
      throw new DecideError("the engine stopped in the middle of a decision", { cause: error });
    }
  }

  /** @internal */
  decided_(number: number): Decided {
    const status = this.call_("kw_decide", number);
    const { name } = this.decisions[number]!;
    const answers = new this.shapes_[number]!(this.view_, this.outcome_ + 4);
    return { decision: name, status: this.status_(status), answers };
  }

  /** @internal The word for a status; what could not be read is invalid. */
  status_(status: number): Status {
    return STATUSES[this.memory_[this.request_ + REFUSED] ? 2 : status]!;
  }
}

// Reading bytes one after the other. In: bytes. Out: numbers and texts. Refuses to read past the end.

import { LoadError } from "./error.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The error of bytes that are not what a policy module holds. */
export const damaged = (what: string): LoadError =>
  new LoadError("damaged", `this module is damaged: ${what} is missing or malformed`);

/** A reader over some bytes. */
export class Bytes {
  at = 0;
  constructor(
    readonly all: Uint8Array,
    readonly what: string,
  ) {}

  get done(): boolean {
    return this.at >= this.all.length;
  }

  take(count: number): Uint8Array {
    const end = this.at + count;
    if (end > this.all.length) throw damaged(this.what);
    const taken = this.all.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** Seven bits a byte, lowest first, at most five bytes. */
  number(): number {
    let value = 0;
    for (let place = 1; place <= 0x1000_0000; place *= 128) {
      const byte = this.byte();
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
    throw damaged(this.what);
  }

  /** Four bytes, signed. */
  int(): number {
    const four = this.take(4);
    return four[0]! | (four[1]! << 8) | (four[2]! << 16) | (four[3]! << 24);
  }

  text(): string {
    try {
      return utf8.decode(this.take(this.number()));
    } catch {
      throw damaged(this.what);
    }
  }

  /** As many things as a number says. */
  list<T>(read: () => T): T[] {
    const found: T[] = [];
    for (let count = this.number(); count > 0; count--) found.push(read());
    return found;
  }

  texts(): string[] {
    return this.list(() => this.text());
  }
}

/** Lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

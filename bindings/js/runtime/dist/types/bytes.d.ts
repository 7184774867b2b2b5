import { LoadError } from "./error.js";
/** The error of bytes that are not what a policy module holds. */
export declare const damaged: (what: string) => LoadError;
/** A reader over some bytes. */
export declare class Bytes {
    readonly all: Uint8Array;
    readonly what: string;
    at: number;
    constructor(all: Uint8Array, what: string);
    get done(): boolean;
    take(count: number): Uint8Array;
    byte(): number;
    /** Seven bits a byte, lowest first, at most five bytes. */
    number(): number;
    /** Four bytes, signed. */
    int(): number;
    text(): string;
    /** As many things as a number says. */
    list<T>(read: () => T): T[];
    texts(): string[];
}
/** Lower-case hexadecimal digits. */
export declare const hex: (bytes: Uint8Array) => string;

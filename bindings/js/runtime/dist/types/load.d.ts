import { Bytes } from "./bytes.js";
import type { Exports } from "./policy.js";
/** Where a module comes from: an address, an answer to a request for it, or its bytes. */
export type Source = string | URL | Response | ArrayBuffer | Uint8Array<ArrayBuffer>;
/** What a module must be, too. */
export interface LoadOptions {
    /** SHA-256 of the module in hexadecimal, if it is known. */
    readonly digest?: string;
}
/** The types of a policy, as `keyward types` writes them. */
export interface Types {
    request: object;
    decisions: object;
}
type Made<P> = (exports: Exports, digest: string, section: (name: string) => Bytes) => P;
/** SHA-256 in hexadecimal. */
export declare function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
/** Loads a module: fetches it where need be, checks it, compiles it, and makes a policy of it. */
export declare function loadWith<P>(source: Source, options: LoadOptions, make: Made<P>, gate?: (bytes: Uint8Array) => Promise<void>): Promise<P>;
export {};

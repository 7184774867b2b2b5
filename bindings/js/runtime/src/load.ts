// Loading a module. In: where it is, or its bytes. Out: a policy. Refuses what the gate and the engine refuse.

import { Bytes, damaged, hex } from "./bytes.js";
import { LoadError } from "./error.js";
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

async function fetched(source: string | URL | Response): Promise<ArrayBuffer> {
  try {
    const answer = source instanceof Response ? source : await fetch(source);
    if (answer.ok) return await answer.arrayBuffer();
    throw new Error(`the answer is ${answer.status}`);
  } catch (error) {
    throw new LoadError("unreachable", `the module cannot be fetched: ${(error as Error).message}`, { cause: error });
  }
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) throw new LoadError("no-crypto", "modules are only checked on secure pages: serve this one over https, or from localhost");
  return hex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}

/** Loads a module: fetches it where need be, checks it, compiles it, and makes a policy of it. */
export async function loadWith<P>(source: Source, options: LoadOptions, make: Made<P>, gate?: (bytes: Uint8Array) => Promise<void>): Promise<P> {
  const bytes = source instanceof Uint8Array ? source : new Uint8Array(source instanceof ArrayBuffer ? source : await fetched(source));
  if (bytes.length > 2 << 20) throw new LoadError("too-large", "this module is larger than a policy can be");
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new LoadError("not-a-module", "this is not a valid WebAssembly module", { cause });
  }
  await gate?.(bytes);
  const digest = await sha256(bytes);
  if (options.digest && options.digest.toLowerCase() !== digest) {
    throw new LoadError("digest", `this is another module: its digest is ${digest}`);
  }
  const section = (name: string): Bytes => {
    const found = WebAssembly.Module.customSections(module, name)[0];
    if (!found && name !== "keyward.reasons") throw damaged(`its section ${name}`);
    return new Bytes(found ? new Uint8Array(found) : new Uint8Array(), `its section ${name}`);
  };
  try {
    return make((await WebAssembly.instantiate(module, {})).exports as never, digest, section);
  } catch (cause) {
    if (cause instanceof LoadError) throw cause;
    throw new LoadError("engine", "the engine does not accept this module", { cause });
  }
}

// The whole state in a link. In: files and choices. Out: a fragment of an address, compressed and with a version; and back. Nothing
// is sent anywhere: a fragment stays in the browser. Refuses fragments that are too long or too large inside.

import type { Files, Request } from "../worker/protocol";
import { isView, type View } from "./view";

/** Most characters of a fragment, and most bytes of what is inside. */
export const LONGEST = 32 * 1024;
export const LARGEST = 256 * 1024;

/** What a link holds. */
export interface Shared {
  readonly files: Files;
  readonly main: string;
  readonly open?: string;
  readonly view?: View;
  readonly request?: Request;
  readonly answer?: string;
  readonly only?: string;
  readonly zone?: string;
}

/** A link that cannot be opened, with the reason as the name of a sentence. */
export class ShareError extends Error {
  override name = "ShareError";
}

const VERSION = "1.";

function toText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw new ShareError("share-damaged");
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new ShareError("share-large");
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The fragment, without `#`. */
export async function fragment(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  if (bytes.length > LARGEST) throw new ShareError("share-large");
  const text = `${VERSION}${toText(await through(bytes, new CompressionStream("deflate-raw"), LARGEST))}`;
  if (text.length > LONGEST) throw new ShareError("share-long");
  return text;
}

/** What a fragment holds. */
export async function opened(text: string): Promise<Shared> {
  if (text.length > LONGEST) throw new ShareError("share-long");
  if (!text.startsWith(VERSION)) throw new ShareError(/^\d+\./.test(text) ? "share-newer" : "share-damaged");
  let value: unknown;
  try {
    const bytes = await through(toBytes(text.slice(VERSION.length)), new DecompressionStream("deflate-raw"), LARGEST);
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw error instanceof ShareError ? error : new ShareError("share-damaged");
  }
  return read(value);
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Only what is known is taken from a link. */
function read(value: unknown): Shared {
  if (typeof value !== "object" || value === null) throw new ShareError("share-damaged");
  const { files, main, open, view, request, answer, only, zone } = value as Readonly<Record<string, unknown>>;
  if (typeof files !== "object" || files === null || !isText(main)) throw new ShareError("share-damaged");
  const texts = Object.entries(files);
  if (!texts.length || texts.length > 64 || texts.some(([name, text]) => !isText(text) || !name || name.length > 200)) throw new ShareError("share-damaged");
  if (!Object.hasOwn(files, main)) throw new ShareError("share-damaged");
  return {
    files: Object.fromEntries(texts) as Files,
    main,
    ...(isText(open) && { open }),
    ...(isText(view) && isView(view) && { view }),
    ...(typeof request === "object" && request !== null && !Array.isArray(request) && { request: request as Request }),
    ...(isText(answer) && { answer }),
    ...(isText(only) && { only }),
    ...(isText(zone) && { zone }),
  };
}

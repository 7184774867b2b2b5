// All files as a zip. In: files. Out: bytes, and back. Refuses archives that are too large inside, and files that are no text.

import { strFromU8, strToU8, unzip, zip } from "fflate";
import type { Files } from "../worker/protocol";
import { LARGEST } from "./work";

/** The archive. */
export function pack(files: Files): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, [strToU8(text), { mtime: "1980-01-01" }] as const]));
  return new Promise((done, failed) =>
    zip(entries as never, { level: 9 }, (error, bytes) => (error ? failed(error) : done(bytes as Uint8Array<ArrayBuffer>))),
  );
}

/** The files of an archive. */
export function unpack(bytes: Uint8Array): Promise<Record<string, string>> {
  let total = 0;
  return new Promise((done, failed) =>
    unzip(
      bytes,
      {
        filter: ({ name, originalSize }) => {
          total += originalSize;
          return name.endsWith(".ward") && total <= LARGEST;
        },
      },
      (error, found) => {
        if (error) failed(error);
        else if (total > LARGEST) failed(new Error("archive-large"));
        else done(Object.fromEntries(Object.entries(found).map(([name, text]) => [name.slice(name.lastIndexOf("/") + 1), strFromU8(text)])));
      },
    ),
  );
}

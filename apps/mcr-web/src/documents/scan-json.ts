import { setImmediate } from 'node:timers/promises';

/** Documents of tools are a handful of levels deep. */
const maxDepth = 64;
/** An SBOM of 8 MiB has a quarter of that. */
const maxValues = 500_000;
/** Bytes that are looked at before other requests have their turn. */
const slice = 256 * 1024;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * Parses JSON that came from outside. `undefined` for bytes that are no JSON, are nested more than 64 levels deep, or have more than
 * 500,000 values: a few bytes of those are objects of many in memory. Only parsing holds the event loop.
 */
export async function parseBounded(bytes: Uint8Array): Promise<unknown> {
  if (!(await isBounded(bytes))) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return undefined;
  }
}

async function isBounded(bytes: Uint8Array): Promise<boolean> {
  let [depth, values, isText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    if (at % slice === 0) await setImmediate();
    const byte = bytes[at] ?? 0;
    if (isText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (opening.has(byte)) {
      depth += 1;
      values += 1;
    } else if (closing.has(byte)) depth -= 1;
    else if (byte === comma) values += 1;
    if (depth > maxDepth || values > maxValues) return false;
  }
  return true;
}

import { openEnvelope, readSignature, readStatement } from './attestation.ts';
import type { Document } from './document.ts';
import { readSarif } from './sarif.ts';
import { readCycloneDx, readSpdx } from './sbom.ts';
import { parseBounded } from './scan-json.ts';

/** Larger files are for tools. */
export const maxDocument = 8 * 1024 * 1024;

const readers = [readSpdx, readCycloneDx, readSarif, readStatement, readSignature] as const;

let last: Promise<unknown> = Promise.resolve();

/**
 * What an attached file is, by its content and not by its media type; `undefined` for anything else. One file is read after the
 * other, so that many of them take no more memory than one.
 */
export async function readDocument(bytes: Uint8Array): Promise<Document | undefined> {
  const next = last.then(() => read(bytes));
  last = next.catch(() => undefined);
  return await next;
}

async function read(bytes: Uint8Array): Promise<Document | undefined> {
  const value = await parseBounded(bytes);
  const envelope = openEnvelope(value);
  if (envelope === undefined) return firstOf(value);
  const signature = readSignature(value);
  const statement = firstOf(await parseBounded(envelope.payload));
  const facts = [...envelope.facts, ...(signature?.facts ?? []), ...(statement?.facts ?? [])];
  return { ...(statement ?? signature), title: statement?.title ?? signature?.title ?? 'Signed envelope', facts };
}

function firstOf(value: unknown): Document | undefined {
  for (const reader of readers) {
    const document = reader(value);
    if (document !== undefined) return document;
  }
  return undefined;
}

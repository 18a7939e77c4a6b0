import { RegistryError } from '@mcr/core';
import { drainBody, readWhole, smallBodyMs } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** A form is a few KiB; a selection of many tags is the largest. */
const maxFormBytes = 256 * 1024;
/** Before the login, a form has a name and a password. */
const maxPublicFormBytes = 16 * 1024;
/** A selection has at most a thousand tags; each field takes a hundred bytes and more. */
const maxFields = 5_000;

/**
 * Fields of a URL-encoded body; `undefined` for another type, too large a body, too many fields, or a broken
 * connection. `count` is called with the bytes as they arrive, and may throw.
 */
export async function readForm(
  c: Context<AppEnv>,
  count: (bytes: number) => void,
): Promise<URLSearchParams | undefined> {
  const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  const bytes = await readAll(c, count);
  if (bytes === undefined || bytes.filter((byte) => byte === ampersand).length >= maxFields) return undefined;
  return new URLSearchParams(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}

const ampersand = '&'.charCodeAt(0);

/** `undefined` if the body is too large or the connection breaks. */
async function readAll(c: Context<AppEnv>, count: (bytes: number) => void): Promise<Uint8Array | undefined> {
  const limit = c.var.session === undefined ? maxPublicFormBytes : maxFormBytes;
  try {
    return await readWhole(c.env, { what: 'A form', limit, within: smallBodyMs, count });
  } catch (error) {
    const isTooLarge = error instanceof RegistryError && error.code === 'TOO_LARGE';
    // A browser shows the response only after it has sent the whole form. If there are too many forms, it is not
    // awaited.
    if (isTooLarge) await drainBody(c.env);
    c.header('Connection', 'close');
    if (isTooLarge || c.env.incoming.destroyed) return undefined;
    throw error;
  }
}

/** A field of a form, trimmed. */
export function field(form: URLSearchParams, name: string): string {
  return form.get(name)?.trim() ?? '';
}

/** Items of a field that contains a list, separated by line breaks or commas. */
export function listField(form: URLSearchParams, name: string): string[] {
  return form.getAll(name).flatMap(listItems);
}

/** Items of a text that holds a list: one a line, or with commas between. */
export function listItems(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

import type { Context } from 'hono';
import { listItems } from '../ui/list-items.ts';
import type { AppEnv } from './env.ts';

/** A form is a few KiB; a selection of many tags is the largest. */
const maxFormBytes = 256 * 1024;

/** Fields of an URL-encoded body; `undefined` for another type or a body that is too long. */
export async function readForm(c: Context<AppEnv>): Promise<URLSearchParams | undefined> {
  const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  if (Number(c.req.header('Content-Length') ?? 0) > maxFormBytes) return undefined;
  const bytes = await readAll(c);
  return bytes === undefined ? undefined : new URLSearchParams(bytes.toString());
}

/** `undefined` when there is too much, or when the browser breaks off. */
async function readAll(c: Context<AppEnv>): Promise<Buffer | undefined> {
  const { incoming } = c.env;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Kept open when there is too much, so that the browser can be told.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxFormBytes) continue;
      c.header('Connection', 'close');
      return undefined;
    }
  } catch (error) {
    if (incoming.destroyed) return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}

/** A field of a form, without the spaces around it. */
export function field(form: URLSearchParams, name: string): string {
  return form.get(name)?.trim() ?? '';
}

/** Items of a field that holds a list: one a line, or with commas between. */
export function listField(form: URLSearchParams, name: string): string[] {
  return form.getAll(name).flatMap(listItems);
}

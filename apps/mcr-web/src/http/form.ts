import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** A form is a few KiB; a selection of many tags is the largest. */
const maxFormBytes = 256 * 1024;

/** Fields of an URL-encoded body; `undefined` for another type or a body that is too long. */
export async function readForm(c: Context<AppEnv>): Promise<URLSearchParams | undefined> {
  const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  if (Number(c.req.header('Content-Length') ?? 0) > maxFormBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.env.incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxFormBytes) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** A field of a form, without the spaces around it. */
export function field(form: URLSearchParams, name: string): string {
  return form.get(name)?.trim() ?? '';
}

/** Items of a field that holds a list: one a line, or with commas between. */
export function listField(form: URLSearchParams, name: string): string[] {
  const items = form.getAll(name).flatMap((value) => value.split(/[\n,]/));
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

import { isAbsolute, relative } from 'node:path';

/** A path as it is typed in `cwd`: relative if it lies there. */
export function fromHere(path: string, cwd: string = process.cwd()): string {
  const short = relative(cwd, path);
  if (cwd === '/' || short.startsWith('..') || isAbsolute(short)) return path;
  return short.includes('/') ? short : `./${short}`;
}

/** A text as one word of a shell. */
export function asWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

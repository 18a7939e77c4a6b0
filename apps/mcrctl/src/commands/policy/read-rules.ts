import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CliError, usageError } from '../../cli/errors.ts';
import type { Io } from '../../cli/io.ts';
import { isBody } from '../../cli/json-option.ts';
import { untilAborted } from '../../cli/until-aborted.ts';

/** Sources of a rule other than flags. */
export const sourceOptions = {
  file: {
    type: 'string',
    requiresArg: true,
    alias: 'f',
    complete: 'file',
    describe: 'Read rules from this file, or from stdin with -: JSON objects, one per line or in a list',
  },
} as const;

/** The JSON values of `--json` or of a file; `undefined` if neither is given. Throws a CliError. */
export async function readRules(
  { json, file }: { readonly json?: string | undefined; readonly file?: string | undefined },
  { stdin, signal }: Pick<Io, 'stdin' | 'signal'>,
): Promise<readonly unknown[] | undefined> {
  const isBodyGiven = json !== undefined && isBody(json);
  if (isBodyGiven && file !== undefined) throw usageError('--json and --file both contain rules', 'use one of them');
  if (isBodyGiven) return parseValues(json, '--json');
  if (file === undefined) return undefined;
  return file === '-' ? parseValues(await stdin.readAll(), 'stdin') : parseValues(await read(file, signal), file);
}

/** The file may be a pipe. */
async function read(file: string, signal: AbortSignal): Promise<string> {
  try {
    return await untilAborted(text(createReadStream(file)), signal);
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${(error as Error).message}`, { cause: error, hint: 'check the path' });
  }
}

/** One value, a list of them, or one per line. */
function parseValues(content: string, origin: string): readonly unknown[] {
  const whole = parseJson(content);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parseJson);
  const bad = values.indexOf(undefined);
  if (bad === -1 && values.length > 0) return values;
  throw usageError(
    values.length > 0
      ? `${origin} is not JSON: see ${JSON.stringify(lines[bad]?.slice(0, 60))}`
      : `${origin} contains no rule`,
    'use JSON objects, one per line or in a list, as mcrctl policy list --json prints them',
  );
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

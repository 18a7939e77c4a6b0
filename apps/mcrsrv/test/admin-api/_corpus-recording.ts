import { readFile } from 'node:fs/promises';
import type { Exchange, Recording } from './_corpus-step.ts';

/** Characters of a line: most exchanges fit on one or a few, so that a difference shows what it belongs to. */
const width = 400;

/** Where the recording of a subject is. */
export function recordingPath(subject: string): string {
  return `${import.meta.dirname}/recordings/${subject}.json`;
}

/** The recording of a subject; empty before there is one. */
export async function readRecording<Seen>(subject: string): Promise<Recording<Seen>> {
  try {
    return JSON.parse(await readFile(recordingPath(subject), 'utf8')) as Recording<Seen>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * The recording that fits today's steps: what is on record of a step stays, whatever its response is now; a step that is
 * new, or whose request is another one, is recorded; one that has gone goes.
 */
export function merged<Seen>(recorded: Recording<Seen>, played: Recording<Seen>): Recording<Seen> {
  const kept = (name: string, now: Exchange<Seen>): Exchange<Seen> => {
    const before = recorded[name];
    return before !== undefined && isSame(requestOf(before), requestOf(now)) ? before : now;
  };
  return Object.fromEntries(Object.entries(played).map(([name, now]) => [name, kept(name, now)]));
}

function requestOf(exchange: Exchange<unknown>): object {
  return { ...exchange, response: undefined };
}

/** Whether two values are the same as JSON, the order of their fields included. */
export function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** A recording as the text of its file. */
export function render(recording: Recording<unknown>): string {
  return `${expanded(recording, '')}\n`;
}

/** JSON on one line where it fits there. */
function pretty(value: unknown, indent: string, used: number): string {
  const line = oneLine(value);
  // A comma may follow.
  if (indent.length + used + line.length < width || typeof value !== 'object' || value === null) return line;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return line;
  return expanded(value, indent);
}

function expanded(value: object, indent: string): string {
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${pretty(item, inner, 0)}`)
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => {
          const label = `${JSON.stringify(key)}: `;
          return `${inner}${label}${pretty(item, inner, label.length)}`;
        });
  if (lines.length === 0) return Array.isArray(value) ? '[]' : '{}';
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`).join(', ')} }`;
}

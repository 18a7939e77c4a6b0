import { styleText } from 'node:util';
import type { Output } from '../cli/io.ts';
import type { Tone } from './field.ts';

type Style = Tone | 'bold';

/** Colors text, or returns it unchanged. */
export type Paint = (style: Style | undefined, text: string) => string;

/** What determines whether colors are used. */
export interface ColorOptions {
  readonly noColor: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Uses colors only on a terminal that supports them, unless the user has disabled them (no-color.org). */
export function painter(output: Output, { noColor, env }: ColorOptions): Paint {
  const isWanted = output.isTerminal && !noColor && !env.NO_COLOR && env.TERM !== 'dumb';
  if (!isWanted) return (_style, text) => text;
  return (style, text) => (style === undefined ? text : styleText(style, text, { validateStream: false }));
}

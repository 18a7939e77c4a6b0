import { styleText } from 'node:util';
import type { Output } from '../cli/io.ts';
import type { Tone } from './field.ts';

type Style = Tone | 'bold';

/** Colors text, or leaves it as it is. */
export type Paint = (style: Style | undefined, text: string) => string;

/** What decides whether there is color. */
export interface ColorOptions {
  readonly noColor: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colors only for a terminal that shows them, and a person who has not declined (no-color.org). */
export function painter(output: Output, { noColor, env }: ColorOptions): Paint {
  const isWanted = output.isTerminal && !noColor && !env.NO_COLOR && env.TERM !== 'dumb';
  if (!isWanted) return (_style, text) => text;
  return (style, text) => (style === undefined ? text : styleText(style, text, { validateStream: false }));
}

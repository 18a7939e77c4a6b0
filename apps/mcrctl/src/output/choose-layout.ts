import type { Io } from '../cli/io.ts';
import { painter } from './color.ts';
import type { FieldDescription } from './field.ts';
import { humanLayout } from './human-layout.ts';
import { jsonLayout, type Layout, nameLayout, plainLayout } from './layout.ts';

/** The values of `--output`. */
export const outputs = ['json', 'name', 'wide', 'yaml'] as const;

/** One of {@link outputs}. */
export type OutputFormat = (typeof outputs)[number];

/** The format that the user wants. */
export interface Wanted {
  /** Without one, stdout decides: tables for a terminal, tabs for a program. */
  readonly format: OutputFormat | undefined;
  /** The fields to print as JSON or YAML. */
  readonly selected: readonly FieldDescription[];
  readonly noColor: boolean;
}

/** The layout for one invocation. */
export async function chooseLayout({ stdout, env, clock }: Io, { format, selected, noColor }: Wanted): Promise<Layout> {
  if (format === 'json') return jsonLayout(selected);
  if (format === 'name') return nameLayout;
  if (format === 'yaml') return (await import('./yaml-layout.ts')).yamlLayout(selected);
  const wide = format === 'wide';
  if (!stdout.isTerminal) return plainLayout({ wide });
  return humanLayout({ columns: stdout.columns, wide, paint: painter(stdout, { noColor, env }), now: clock.now() });
}

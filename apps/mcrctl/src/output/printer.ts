import type { Io } from '../cli/io.ts';
import type { Field } from './field.ts';
import { formatCount, printable } from './format.ts';
import type { Fact, Layout } from './layout.ts';

/** Items as they arrive. */
export type Pages<T> = AsyncIterable<readonly T[]>;

/** Items that are all there. */
export async function* onePage<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}

/** Writes what a command has to say, in the form that its reader needs. */
export interface Printer {
  /** Prints items: a table for users, tab-separated lines for programs, or one JSON object per line. */
  list<T extends object>(fields: readonly Field<T>[], pages: Pages<T>, none: string): Promise<void>;
  /** Prints one item: one field per line, followed by further facts, or one JSON object. */
  item<T extends object>(fields: readonly Field<T>[], item: T, more?: readonly Fact[]): void;
  /** Prints data unchanged. */
  raw(content: string | Uint8Array): void;
  /** Prints a message to stderr, unless `--quiet`. */
  say(message: string): void;
  /** Shows progress on one line of a terminal, which the next call replaces. */
  progress(message: string): void;
  /** Clears the line of `progress`. */
  clear(): void;
}

/** The output settings of an invocation. */
export interface PrinterOptions {
  readonly layout: Layout;
  readonly quiet: boolean;
}

const clearLine = '\r\u001B[K';

/** Creates the printer of one invocation. */
export function createPrinter({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>, options: PrinterOptions): Printer {
  const { layout } = options;
  let inProgress = false;

  const write = (lines: readonly string[]): void => {
    printer.clear();
    if (lines.length > 0) stdout.write(`${lines.join('\n')}\n`);
  };
  const printer: Printer = {
    async list(fields, pages, none) {
      let isFirst = true;
      let count = 0;
      for await (const page of pages) {
        if (page.length === 0) continue;
        write(layout.list(fields, page, isFirst));
        isFirst = false;
        count += page.length;
        // Where the rows go elsewhere, a user sees nothing of them.
        if (!stdout.isTerminal) printer.progress(`${formatCount(count, 'row')} so far`);
      }
      printer.clear();
      if (isFirst && layout.none !== undefined) write([layout.none]);
      else if (isFirst && stdout.isTerminal) printer.say(none);
    },
    item: (fields, item, more = []) => write(layout.item(fields, item, more)),
    raw: (content) => stdout.write(content),
    say(message) {
      printer.clear();
      if (!options.quiet) stderr.write(`${printable(message)}\n`);
    },
    progress(message) {
      if (options.quiet || !stderr.isTerminal) return;
      stderr.write(clearLine + printable(message).slice(0, stderr.columns - 1));
      inProgress = true;
    },
    clear() {
      if (inProgress) stderr.write(clearLine);
      inProgress = false;
    },
  };
  return printer;
}

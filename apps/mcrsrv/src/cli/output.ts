/** Data goes to standard output, so that it can be piped. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Talk goes to standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Columns of equal width for a terminal, tabs for a pipe, which gets no header either. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  if (!process.stdout.isTTY) {
    for (const row of rows) print(row.join('\t'));
    return;
  }
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [header, ...rows]) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** What went wrong, in words for the person at the terminal; the command then ends with 1, or another code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Ends a command whose exit code is its result, with no message. */
export class CliExit extends Error {
  override readonly name = 'CliExit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`The command ends with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

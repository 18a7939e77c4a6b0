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

/** A report of StrykerJS, as far as it is read: the schema of mutation-testing-elements. Lines and columns begin at 1. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly ReportedMutant[] }>>;
  readonly testFiles?: Readonly<
    Record<string, { readonly tests: readonly { readonly id: string; readonly name: string }[] }>
  >;
}

interface ReportedMutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: Location;
  /** Ids of tests. */
  readonly killedBy?: readonly string[];
}

/** A part of a file; the end is behind its last character. */
export type Location = Readonly<Record<'start' | 'end', { readonly line: number; readonly column: number }>>;

/** A mutant with what was there before it. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly status: string;
  /** Names of tests. */
  readonly killedBy: readonly string[];
}

/** Outside of the sample, only in constants of modules, or not yet. */
const untried = new Set(['CompileError', 'Ignored', 'Pending']);

/** All mutants of a report that were tried, as they follow each other in the files. */
export function mutantsOf({ files, testFiles = {} }: Report): readonly Mutant[] {
  const tests = new Map(Object.values(testFiles).flatMap((file) => file.tests.map(({ id, name }) => [id, name])));
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => !untried.has(status))
      .toSorted((a, b) => byPlace(a.location.start, b.location.start))
      .map(({ mutatorName, replacement = '', status, location, killedBy = [] }) => ({
        file,
        line: location.start.line,
        mutator: mutatorName,
        original: textAt(source, location, 1),
        replacement,
        status,
        killedBy: killedBy.map((id) => tests.get(id) ?? id),
      })),
  );
}

function byPlace(a: Location['start'], b: Location['start']): number {
  return a.line - b.line || a.column - b.column;
}

/** What stands in a part of a text, whose first line and column have the number `origin`. */
export function textAt(source: string, { start, end }: Location, origin: 0 | 1): string {
  const lines = source.split('\n').slice(start.line - origin, end.line - origin + 1);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - origin) ?? '';
  lines[0] = lines[0]?.slice(start.column - origin) ?? '';
  return lines.join('\n');
}

/** Whether a test failed because of it. */
export function isKilled({ status }: Pick<Mutant, 'status'>): boolean {
  return status === 'Killed' || status === 'Timeout';
}

/** Whether tests passed in spite of it, or none reached it. */
export function isAlive({ status }: Pick<Mutant, 'status'>): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

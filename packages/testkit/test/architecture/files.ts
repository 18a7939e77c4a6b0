import { isGenerated, isTestCode, type SourceFile } from './source-files.ts';

/** A file longer than this does more than one thing. */
const MAX_LINES = 400;
/** Half of all files are shorter than this, or files are being grown instead of split. */
const MEDIAN_BELOW = 80;

/** Files that are too long, and the median when that is. */
export function sizeViolations(files: readonly SourceFile[]): string[] {
  const written = files.filter(({ path }) => !isGenerated(path) && !isTestCode(path) && !path.includes('/migrations/'));
  const sizes = written.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
  const long = sizes.filter(({ lines }) => lines > MAX_LINES);
  const median = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
  return [
    ...long.map(({ path, lines }) => `${path} has ${lines} lines: split it, ${MAX_LINES} is the most`),
    ...(median < MEDIAN_BELOW ? [] : [`the median file has ${median} lines: keep it below ${MEDIAN_BELOW}`]),
  ];
}

/** Index files that export whole modules instead of names. The linter finds default exports. */
export function wholeExports(files: readonly SourceFile[]): string[] {
  const whole = files.filter(({ path, text }) => path.endsWith('/index.ts') && /^\s*export \*/m.test(text));
  return whole.map(({ path }) => `${path} has an export *`);
}

// Put together from parts, since this file is searched too.
const words = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['X', 'XX'],
].map((parts) => parts.join(''));
const unfinished = new RegExp(`\\b(${words.join('|')})\\b`);

/** Lines that say that something is left to do. */
export function unfinishedWork(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (unfinished.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

import { isGenerated, isTestCode, isTestTool, type SourceFile } from './source-files.ts';

/** A file longer than this does more than one thing. */
const MAX_LINES = 400;
/** A file this short is a crumb: there is more of imports and folders around it than in it. */
const CRUMB_LINES = 10;
/** Entry points, migrations and the smallest operations are crumbs by nature. */
const MAX_CRUMBS = 25;
/** Where the median of all files lies, or files are being grown or crumbled instead of cut by subject. */
const MEDIAN = { least: 40, most: 80 };

/** Files that are too long, crumbs when there are too many, and the median when that is too small or too large. */
export function sizeViolations(files: readonly SourceFile[]): string[] {
  const written = files.filter((file) => !isGenerated(file) && !isTestCode(file.path) && !isTestTool(file.path));
  const sizes = written.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
  const long = sizes.filter(({ path, lines }) => lines > MAX_LINES && !path.includes('/migrations/'));
  const crumbs = sizes.filter(({ lines }) => lines <= CRUMB_LINES).map(({ path }) => path);
  const median =
    sizes.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? MEDIAN.least;
  return [
    ...long.map(({ path, lines }) => `${path} has ${lines} lines: split it, ${MAX_LINES} is the most`),
    ...(crumbs.length <= MAX_CRUMBS
      ? []
      : [
          `${crumbs.length} files have ${CRUMB_LINES} lines or fewer, ${MAX_CRUMBS} may: merge some of ${crumbs.join(', ')}`,
        ]),
    ...(median >= MEDIAN.least && median <= MEDIAN.most
      ? []
      : [`the median file has ${median} lines: keep it between ${MEDIAN.least} and ${MEDIAN.most}`]),
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

import { relative } from 'node:path';
import { root } from '../paths.ts';

/** The part of vitest's JSON report that is read here. */
export type VitestReport = {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: {
      fullName: string;
      status: string;
      /** What each try failed with, also where the last one passed. */
      failureMessages?: string[];
    }[];
  }[];
};

/** What a run of vitest came to. `skipped`, `failed` and `retried` name tests as `file > test`. */
export type VitestSummary = {
  tally: Tally;
  /** With how the last try failed, in brief. */
  failed: string[];
  skipped: string[];
  /** Tests that failed before they passed, with what they failed with; the tally counts them as passed. */
  retried: string[];
};

/**
 * Counts the tests of a report. A file that failed as a whole counts as one failed test, and so does a run that ended
 * with an error although every test passed, or that left no report.
 */
export function summarize(report: VitestReport | undefined, exitCode: number): VitestSummary {
  const failed: string[] = [];
  const skipped: string[] = [];
  const retried: string[] = [];
  let passed = 0;
  for (const file of report?.testResults ?? []) {
    const path = relative(root, file.name);
    const failedBefore = failed.length;
    for (const { fullName, status, failureMessages = [] } of file.assertionResults) {
      const name = `${path} > ${fullName}`;
      if (status === 'passed') passed += 1;
      if (status === 'passed' && failureMessages.length > 0) retried.push(`${name}\n${failureMessages.join('\n')}`);
      if (status === 'failed') failed.push([name, ...brief(failureMessages.at(-1) ?? '')].join('\n'));
      if (status !== 'passed' && status !== 'failed') skipped.push(name);
    }
    if (file.status === 'failed' && failed.length === failedBefore)
      failed.push([`${path} > (the file itself)`, ...brief(file.message)].join('\n'));
  }
  if (exitCode !== 0 && failed.length === 0) failed.push(`vitest ended with exit code ${exitCode}`);
  return { tally: { passed, failed: failed.length, skipped: skipped.length }, failed, skipped, retried };
}

const briefLines = 6;
const briefColumns = 300;

/** The lines of a failure that say what happened: where the code was when it did is further up in the output. */
function brief(message: string): string[] {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(0, briefLines).map((line) => `    ${line.slice(0, briefColumns)}`);
}

/** What `npm test` counts: a step, such as the type check, weighs as much as one test. */
export type Tally = { passed: number; failed: number; skipped: number };

/** The closing line; tools read it, so its form is fixed. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Adds up tallies. */
export function sumTallies(tallies: readonly Tally[]): Tally {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
  }
  return sum;
}

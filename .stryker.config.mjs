// StrykerJS, as `npm run mutate` starts it.
import { subjectNamed } from './packages/tools/src/mutate/subjects.ts';

const { MCR_MUTATE_SUBJECT: subject, MCR_MUTATE_JSON: fileName, MCR_MUTATE_RESULTS: incrementalFile } = process.env;

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './packages/tools/src/mutate/plugin.ts'],
  checkers: ['sample'],
  vitest: { configFile: 'packages/tools/src/mutate/vitest.config.ts', related: false, pool: 'forks' },
  mutate: subjectNamed(subject).mutate,
  ignorePatterns: ['/srv', '/.stryker-tmp', '/test-output', 'dist', '/apps/mcr-web', '/apps/mcrctl', '/packages/bench'],
  // Nothing is compiled, and to rewrite it would need the compiler's own API.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  // A constant of a module costs a new process with all tests, and is mostly a regular expression or a limit.
  ignoreStatic: true,
  // An interrupted run goes on where it was.
  incremental: true,
  incrementalFile,
  tempDirName: '.stryker-tmp',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName },
  concurrency: 1,
  // Instrumented code on a busy machine.
  timeoutMS: 10_000,
  timeoutFactor: 1.5,
  dryRunTimeoutMinutes: 30,
};

import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './packages/tools/src/test/longest-first.ts';

const setupFiles = ['packages/tools/src/test/quiet-console.ts'];

/**
 * Servers, clients and browsers on two busy cores: what fails is tried once more, which `npm test` reports. What looks
 * for lost data is not: it has lost them, however seldom it does.
 */
const oneMoreInCi = process.env['CI'] === 'true' ? 1 : 0;

/**
 * Unit and integration tests of one part. Its files share processes, which load what they import once: that was half
 * of the time. What a test changes about its process it changes back.
 */
const part = (name: string, include: string, retry: number, except: readonly string[] = []) => ({
  test: {
    name,
    include: [include],
    exclude: [...configDefaults.exclude, ...except],
    setupFiles,
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry,
  },
});
/** Tests from end to end: real servers, clients and browsers. */
const endToEnd = (name: string, include: string, retry: number) => ({
  test: {
    name,
    include: [include],
    setupFiles,
    env: { MCR_TEST_UPDATE: String(process.argv.includes('--update')) },
    sequence: { groupOrder: 1 },
    testTimeout: 180_000,
    hookTimeout: 120_000,
    retry,
  },
});
const app = (name: string) => part(name, `apps/${name}/{src,test}/**/*.test.ts`, oneMoreInCi);
/** What kills processes, lets them lose their disk, and compares what is there with what was acknowledged. */
const losses = 'packages/stress/src/{crash,fire,ledgers,model}/**/*.test.ts';

/** Unit and integration tests run first, the end-to-end tests, which start many processes each, after them. */
export default defineConfig({
  test: {
    // The default leaves one core idle, which on two is half of them.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      part('packages', 'packages/*/{src,test}/**/*.test.ts', oneMoreInCi, [losses]),
      part('losses', losses, 0),
      app('mcrsrv'),
      app('mcr-web'),
      app('mcrctl'),
      endToEnd('e2e', 'apps/*/e2e/**/*.test.ts', oneMoreInCi),
      endToEnd('stress', 'packages/*/e2e/**/*.test.ts', 0),
    ],
  },
});

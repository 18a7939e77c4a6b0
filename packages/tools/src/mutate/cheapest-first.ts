import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Parts of the paths of test files that take long, the longest last. */
const costly = [
  'core/src/manifest',
  'pattern-problem',
  'glob',
  'strict-json',
  'shortest-name',
  'manifest-rejections',
  'limits',
  'policy/enforcement',
  'restarts',
  'sqlite-metadata-store',
];

/** Begins with what takes least: most mutants are killed by any test that reaches them, and the others are not run. */
export class CheapestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => costly.findIndex((part) => moduleId.includes(part));
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId)));
  }
}

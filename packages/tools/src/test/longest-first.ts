import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that take half a minute or more on two cores; the longest first. */
const longest = [
  'stress/e2e/workers',
  'bench/smoke',
  'mcr-web/e2e/gallery',
  'big-images',
  'postgres/postgres-metadata-store',
  'fuzz/fuzz',
  'deploy/install',
  'e2e/rounds',
  'model/model',
  'fire/fire',
  'mcr-web/e2e/journeys',
  'faults/faults',
  'e2e/points',
  'fuzz/planted',
  'deploy/release',
  'fuzz/flood',
  'storage/test/syscalls',
  'access/faults',
  'access/matrix',
  'shared-stores/access-matrix',
  'fire/shared-stores',
  'large/large',
  'fuzz/abuse',
].map((name) => `${name}.test.ts`);

/** Begins with what takes longest, so that no core waits for the other at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((name) => moduleId.endsWith(name));
      return place === -1 ? longest.length : place;
    };
    return (await super.sort(files)).sort((left, right) => rank(left) - rank(right));
  }
}

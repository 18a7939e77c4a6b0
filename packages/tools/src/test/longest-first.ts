import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that take half a minute or more on two cores; the longest first. */
const longest = [
  'postgres/postgres-metadata-store',
  'fuzz/fuzz',
  'shared-stores/protocol',
  'fire/fire',
  'access/matrix',
  'model/model',
  'shared-stores/access-matrix',
  'fuzz/planted',
  'storage/test/syscalls',
  'fire/shared-stores',
  'fuzz/flood',
  'admin-api/corpus',
  'fuzz/abuse',
  'postgres/protocol',
  'large/large',
  'bench/smoke',
  'mcr-web/e2e/gallery',
  'big-images',
  'deploy/install',
  'stress/e2e/workers',
  'mcr-web/e2e/journeys',
  'faults/faults',
  'stress/e2e/replicas',
  'workers/storage-failure',
  'e2e/points',
  'e2e/rounds',
  'mcr-web/e2e/layout',
  'mcr-web/e2e/tasks',
  'deploy/release',
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

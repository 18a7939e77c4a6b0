// Written by `npm run tables`. Do not edit.
import type { GarbageCollection } from '../../facets/gc.ts';
import { PostgresFacet } from '../facet.ts';
import { auditBlobs } from './audit-blobs.ts';
import { finishGcRun, updateGcRun } from './finish-gc-run.ts';
import { listGcRuns } from './list-gc-runs.ts';
import { pendingGarbage } from './pending-garbage.ts';
import { reviewGarbage } from './review-garbage.ts';
import { startGcRun } from './start-gc-run.ts';
import { sweepLocator } from './sweep-locator.ts';
import { dropTrash, failTrash, listTrash } from './trash-entries.ts';

/** {@link GarbageCollection} in PostgreSQL. */
export class PostgresGarbageCollection extends PostgresFacet implements GarbageCollection {
  readonly review = this.operation(reviewGarbage);
  readonly pending = this.operation(pendingGarbage);
  readonly listTrash = this.operation(listTrash);
  readonly sweep = this.operation(sweepLocator);
  readonly dropTrash = this.operation(dropTrash);
  readonly failTrash = this.operation(failTrash);
  readonly auditBlobs = this.operation(auditBlobs);
  readonly startRun = this.operation(startGcRun);
  readonly updateRun = this.operation(updateGcRun);
  readonly finishRun = this.operation(finishGcRun);
  readonly listRuns = this.operation(listGcRuns);
}

import type { Scenario } from './_util/scenario.ts';
import { certificates } from './scenarios/certificates.ts';
import { checkpoints } from './scenarios/checkpoints.ts';
import { clock } from './scenarios/clock.ts';
import { damagedBlobs } from './scenarios/damage.ts';
import { database } from './scenarios/database.ts';
import { diskErrors } from './scenarios/disk-errors.ts';
import { diskFull } from './scenarios/disk-full.ts';
import { identity } from './scenarios/identity.ts';
import { processes } from './scenarios/process.ts';
import { readOnlyFileSystems } from './scenarios/read-only.ts';
import { sharedStores } from './scenarios/shared-stores.ts';
import { unmountedLayers } from './scenarios/unmounted.ts';

/** All scenarios, in the order of the document. */
export const scenarios: readonly Scenario[] = [
  diskFull,
  readOnlyFileSystems,
  unmountedLayers,
  diskErrors,
  checkpoints,
  damagedBlobs,
  database,
  identity,
  clock,
  certificates,
  processes,
  sharedStores,
];

// Written by `npm run tables`. Do not edit.
import type { Inspection } from '../../facets/inspection.ts';
import { PostgresFacet } from '../facet.ts';
import { checkIntegrity, inspectDangling, removeDangling } from './dangling-rows.ts';
import { inspectBlobs, inspectLocator, inspectReferences } from './inspect-blobs.ts';
import { inspectReferenceCounts, inspectTotals, recountReferences, recountTotals } from './inspect-figures.ts';
import { inspectManifests, wasBlobDeleted } from './inspect-manifests.ts';
import { inspectRepositories, recountRepository } from './inspect-repositories.ts';
import { inspectUploads } from './inspect-uploads.ts';
import { restoreBlob, reviewForgotten } from './repair-garbage.ts';
import { repairManifest } from './repair-manifest.ts';

/** {@link Inspection} in PostgreSQL. */
export class PostgresInspection extends PostgresFacet implements Inspection {
  readonly listBlobs = this.operation(inspectBlobs);
  readonly findLocator = this.operation(inspectLocator);
  readonly listReferences = this.operation(inspectReferences);
  readonly listManifests = this.operation(inspectManifests);
  readonly wasBlobDeleted = this.operation(wasBlobDeleted);
  readonly compareReferenceCounts = this.operation(inspectReferenceCounts);
  readonly compareTotals = this.operation(inspectTotals);
  readonly compareRepositories = this.operation(inspectRepositories);
  readonly listUploads = this.operation(inspectUploads);
  readonly listDangling = this.operation(inspectDangling);
  readonly checkIntegrity = this.operation(checkIntegrity);
  readonly reviewForgotten = this.operation(reviewForgotten);
  readonly restoreBlob = this.operation(restoreBlob);
  readonly repairManifest = this.operation(repairManifest);
  readonly recountReferences = this.operation(recountReferences);
  readonly recountTotals = this.operation(recountTotals);
  readonly recountRepository = this.operation(recountRepository);
  readonly removeDangling = this.operation(removeDangling);
}

// Written by `npm run tables`. Do not edit.
import type { Manifests } from '../../facets/manifests.ts';
import { SqliteFacet } from '../facet.ts';
import { deleteManifest } from './delete-manifest.ts';
import { findManifestsByPrefix } from './find-by-prefix.ts';
import { getManifest, statManifest } from './find-manifest.ts';
import { inspectManifest } from './inspect-manifest.ts';
import { listManifests } from './list-manifests.ts';
import { listReferrers } from './list-referrers.ts';
import { notePulls } from './note-pulls.ts';
import { pushManifest } from './push-manifest.ts';
import { countQuarantinedManifests, quarantineManifest, releaseManifest } from './quarantine-manifest.ts';
import { stampPull } from './stamp-pull.ts';
import { keepSummaries, listUnsummarized } from './unsummarized.ts';

/** {@link Manifests} in SQLite. */
export class SqliteManifests extends SqliteFacet implements Manifests {
  readonly get = this.operation(getManifest);
  readonly stat = this.operation(statManifest);
  readonly stamp = this.operation(stampPull);
  readonly push = this.operation(pushManifest);
  readonly delete = this.operation(deleteManifest);
  readonly inspect = this.operation(inspectManifest);
  readonly list = this.operation(listManifests);
  readonly findByPrefix = this.operation(findManifestsByPrefix);
  readonly listReferrers = this.operation(listReferrers);
  readonly listUnsummarized = this.operation(listUnsummarized);
  readonly keepSummaries = this.operation(keepSummaries);
  readonly quarantine = this.operation(quarantineManifest);
  readonly release = this.operation(releaseManifest);
  readonly countQuarantined = this.operation(countQuarantinedManifests);
  readonly notePulls = this.operation(notePulls);
}

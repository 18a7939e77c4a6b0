import { sql } from 'drizzle-orm';
import { damagedManifests, manifests } from '../schema/index.ts';

/** Whether a row of `manifests` is not in quarantine. Nearly always the table that is asked is empty. */
export const inService = sql`not exists (select 1 from ${damagedManifests} where ${damagedManifests.manifestId} = ${manifests.id})`;

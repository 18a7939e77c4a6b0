import type { SharedStores } from '@mcr/testkit';
import { fillDatabase, repositoriesFor } from '../fill.ts';
import type { Contender } from './contenders.ts';
import type { Measure } from './measures.ts';

/** Stops a contender, puts so many tags into its database, and starts it again. */
export async function fillWithTags({ registry, stores }: Contender, tags: number): Promise<void> {
  await registry?.stop();
  if (stores !== undefined) await fillPostgres(stores, tags);
  else if (registry !== undefined) fillDatabase(registry.directory, tags);
  await registry?.restart();
}

/** From starting the process to its first response that it is ready, and the CPU until then. */
export async function startToReady(contender: Contender): Promise<Measure> {
  const { name, registry } = contender;
  await registry?.stop();
  const begun = performance.now();
  await registry?.restart();
  const ms = performance.now() - begun;
  return { name, what: 'start to ready, CPU ms', cpuMs: (await contender.cpu()) * 1_000, rate: 1_000 / ms };
}

/** What `fillDatabase` writes into SQLite, as statements of PostgreSQL; triggers and foreign keys have no part in it. */
async function fillPostgres({ query }: SharedStores, tags: number): Promise<void> {
  const repositories = repositoriesFor(tags);
  const manifests = tags / 10;
  const now = Date.now();
  const digest = (text: string) => `'sha256:' || encode(sha256((${text})::bytea), 'hex')`;
  await query(`
    SET session_replication_role = replica;
    INSERT INTO repositories (id, name, created_at, last_push_at)
      SELECT 1000 + n, 'filled/r' || lpad(n::text, 5, '0'), ${now}, ${now} FROM generate_series(0, ${repositories - 1}) n;
    INSERT INTO blobs (id, digest, size, locator, created_at)
      SELECT 1000 + n, ${digest("'layer ' || n")}, 1000, 'filled ' || n, ${now} FROM generate_series(0, ${manifests}) n;
    INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content)
      SELECT 1000 + n, 1000 + n % ${repositories}, ${digest("'manifest ' || n")}, 'application/vnd.oci.image.manifest.v1+json',
        500, ${now}, repeat('x', 500)::bytea FROM generate_series(0, ${manifests - 1}) n;
    INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id)
      SELECT 1000 + n % ${repositories}, 1000 + n + extra * (${manifests} - n), 1000 + n
      FROM generate_series(0, ${manifests - 1}) n, generate_series(0, 1) extra;
    INSERT INTO tags (repository_id, name, manifest_id, updated_at)
      SELECT 1000 + (n / 10) % ${repositories}, 'v' || lpad(n::text, 7, '0'), 1000 + n / 10, ${now}
      FROM generate_series(0, ${tags - 1}) n;
    INSERT INTO audit_log (at, event_type, actor_name, repository, details)
      SELECT ${now}, 'manifest_pushed', 'admin', 'filled/r00000', '{}' FROM generate_series(1, ${tags}) n;
    ANALYZE;`);
}

import type { MetadataStore } from '../metadata-store.ts';
import { PostgresAccounts } from './accounts/postgres-accounts.ts';
import { PostgresAuditLog } from './audit/postgres-audit-log.ts';
import { PostgresBlobs } from './blobs/postgres-blobs.ts';
import { type Connection, type ConnectionOptions, openConnection, type PoolFigures } from './connection/connection.ts';
import { translateError } from './connection/errors.ts';
import { PostgresCoordination } from './coordination/postgres-coordination.ts';
import { PostgresDelegations } from './delegations/postgres-delegations.ts';
import { PostgresFacet } from './facet.ts';
import { PostgresGarbageCollection } from './gc/postgres-garbage-collection.ts';
import { PostgresIdentities } from './identities/postgres-identities.ts';
import { PostgresInspection } from './inspection/postgres-inspection.ts';
import { PostgresLoginFailures } from './logins/postgres-login-failures.ts';
import { clockOffset } from './maintenance/clock-offset.ts';
import { ping } from './maintenance/ping.ts';
import { snapshot } from './maintenance/snapshot.ts';
import { statistics } from './maintenance/statistics.ts';
import { PostgresManifests } from './manifests/postgres-manifests.ts';
import { type MigrateOptions, migrate } from './migrate.ts';
import { PostgresPolicyRules } from './policy/postgres-policy-rules.ts';
import { PostgresRepositories } from './repositories/postgres-repositories.ts';
import { PostgresStorageSpace } from './space/postgres-storage-space.ts';
import { PostgresTags } from './tags/postgres-tags.ts';
import { PostgresAccessTokens } from './tokens/postgres-access-tokens.ts';
import { PostgresUploads } from './uploads/postgres-uploads.ts';

/** A `MetadataStore` in a PostgreSQL database, which any number of processes may share. */
export class PostgresMetadataStore extends PostgresFacet implements MetadataStore {
  readonly blobs: PostgresBlobs;
  readonly uploads: PostgresUploads;
  readonly manifests: PostgresManifests;
  readonly tags: PostgresTags;
  readonly repositories: PostgresRepositories;
  readonly policy: PostgresPolicyRules;
  readonly accounts: PostgresAccounts;
  readonly tokens: PostgresAccessTokens;
  readonly delegations: PostgresDelegations;
  readonly identities: PostgresIdentities;
  readonly logins: PostgresLoginFailures;
  readonly audit: PostgresAuditLog;
  readonly gc: PostgresGarbageCollection;
  readonly space: PostgresStorageSpace;
  readonly coordination: PostgresCoordination;
  readonly inspection: PostgresInspection;

  readonly statistics = this.operation(statistics);
  readonly ping = this.operation(ping);
  readonly snapshot = this.operation(snapshot);
  /** Idempotent: closing a closed store does nothing. */
  readonly close = this.operation(({ close }) => close);
  /** Milliseconds that the clock of this process is ahead of the database's. */
  readonly clockOffset = this.operation(clockOffset);
  /** What the pool of connections is doing, for metrics. */
  readonly figures: () => PoolFigures;

  private constructor(connection: Connection) {
    super(connection);
    this.figures = connection.figures;
    this.blobs = new PostgresBlobs(connection);
    this.uploads = new PostgresUploads(connection);
    this.manifests = new PostgresManifests(connection);
    this.tags = new PostgresTags(connection);
    this.repositories = new PostgresRepositories(connection);
    this.policy = new PostgresPolicyRules(connection);
    this.accounts = new PostgresAccounts(connection);
    this.tokens = new PostgresAccessTokens(connection);
    this.delegations = new PostgresDelegations(connection);
    this.identities = new PostgresIdentities(connection);
    this.logins = new PostgresLoginFailures(connection);
    this.audit = new PostgresAuditLog(connection);
    this.gc = new PostgresGarbageCollection(connection);
    this.space = new PostgresStorageSpace(connection);
    this.coordination = new PostgresCoordination(connection);
    this.inspection = new PostgresInspection(connection);
  }

  /**
   * Connects to the database and brings its schema up to date. Throws a `RegistryError` `UNAVAILABLE` when it cannot be reached, and a
   * `DatabaseError` when its schema is newer than this program.
   */
  static async open(options: ConnectionOptions & MigrateOptions): Promise<PostgresMetadataStore> {
    try {
      await migrate(options);
      return await PostgresMetadataStore.connect(options);
    } catch (error) {
      throw translateError(error);
    }
  }

  /** The same for a database whose schema is known to be up to date, of which nothing is changed. */
  static async connect(options: ConnectionOptions): Promise<PostgresMetadataStore> {
    return new PostgresMetadataStore(await openConnection(options));
  }
}

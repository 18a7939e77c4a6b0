import type { MetadataStore } from '../metadata-store.ts';
import { SqliteAccounts } from './accounts/sqlite-accounts.ts';
import { SqliteAuditLog } from './audit/sqlite-audit-log.ts';
import { SqliteBlobs } from './blobs/sqlite-blobs.ts';
import type { Connection } from './connection/connection.ts';
import { translateError } from './connection/errors.ts';
import { type OpenConnectionOptions, openConnection } from './connection/open-connection.ts';
import { SqliteCoordination } from './coordination/sqlite-coordination.ts';
import { SqliteDelegations } from './delegations/sqlite-delegations.ts';
import { SqliteFacet } from './facet.ts';
import { SqliteGarbageCollection } from './gc/sqlite-garbage-collection.ts';
import { SqliteIdentities } from './identities/sqlite-identities.ts';
import { SqliteInspection } from './inspection/sqlite-inspection.ts';
import { SqliteLoginFailures } from './logins/sqlite-login-failures.ts';
import { ping } from './maintenance/ping.ts';
import { snapshot } from './maintenance/snapshot.ts';
import { statistics } from './maintenance/statistics.ts';
import { SqliteManifests } from './manifests/sqlite-manifests.ts';
import { assertMoved, migrate } from './migrate.ts';
import { SqlitePolicyRules } from './policy/sqlite-policy-rules.ts';
import { SqliteRepositories } from './repositories/sqlite-repositories.ts';
import { SqliteStorageSpace } from './space/sqlite-storage-space.ts';
import { SqliteTags } from './tags/sqlite-tags.ts';
import { SqliteAccessTokens } from './tokens/sqlite-access-tokens.ts';
import { SqliteUploads } from './uploads/sqlite-uploads.ts';

/** How to open a database. */
export interface SqliteOptions extends OpenConnectionOptions {
  /** Whether it may be the target of an unfinished migration (default: false). */
  readonly evenUnfinished?: boolean;
}

/** A `MetadataStore` in one SQLite file. */
export class SqliteMetadataStore extends SqliteFacet implements MetadataStore {
  readonly blobs: SqliteBlobs;
  readonly uploads: SqliteUploads;
  readonly manifests: SqliteManifests;
  readonly tags: SqliteTags;
  readonly repositories: SqliteRepositories;
  readonly policy: SqlitePolicyRules;
  readonly accounts: SqliteAccounts;
  readonly tokens: SqliteAccessTokens;
  readonly delegations: SqliteDelegations;
  readonly identities: SqliteIdentities;
  readonly logins: SqliteLoginFailures;
  readonly audit: SqliteAuditLog;
  readonly gc: SqliteGarbageCollection;
  readonly space: SqliteStorageSpace;
  readonly coordination: SqliteCoordination;
  readonly inspection: SqliteInspection;

  readonly statistics = this.operation(statistics);
  readonly ping = this.operation(ping);
  readonly snapshot = this.operation(snapshot);
  /** Idempotent: closing a closed store does nothing. */
  readonly close = this.operation(({ close }) => close);

  private constructor(connection: Connection) {
    super(connection);
    this.blobs = new SqliteBlobs(connection);
    this.uploads = new SqliteUploads(connection);
    this.manifests = new SqliteManifests(connection);
    this.tags = new SqliteTags(connection);
    this.repositories = new SqliteRepositories(connection);
    this.policy = new SqlitePolicyRules(connection);
    this.accounts = new SqliteAccounts(connection);
    this.tokens = new SqliteAccessTokens(connection);
    this.delegations = new SqliteDelegations(connection);
    this.identities = new SqliteIdentities(connection);
    this.logins = new SqliteLoginFailures(connection);
    this.audit = new SqliteAuditLog(connection);
    this.gc = new SqliteGarbageCollection(connection);
    this.space = new SqliteStorageSpace(connection);
    this.coordination = new SqliteCoordination(connection);
    this.inspection = new SqliteInspection(connection);
  }

  /**
   * Opens the database at `path`, creating it when it is missing (mode 0600), and brings its schema up to date.
   * Throws a `DatabaseError` when it cannot be opened, when its schema is newer than this program, when it is
   * the target of an unfinished migration, or when SQLite lacks what the store relies on.
   */
  static async open({ evenUnfinished = false, ...options }: SqliteOptions): Promise<SqliteMetadataStore> {
    const connection = openConnection(options);
    try {
      if (!evenUnfinished) assertMoved(connection.sqlite);
      await migrate(connection);
      await connection.log.durable();
      // From here on `untilUnlocked` waits, and lets other work go on; the driver would hold up the whole process.
      connection.sqlite.pragma('busy_timeout = 0');
      return new SqliteMetadataStore(connection);
    } catch (error) {
      await connection.close();
      throw translateError(error);
    }
  }
}

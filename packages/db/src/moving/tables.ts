/** A table whose rows go to another database with their ids. */
export interface MovedTable {
  readonly name: string;
  /** Columns of the primary key, by which rows are read in order. */
  readonly key: readonly string[];
  /** Columns that are counted anew in the target. */
  readonly counted?: readonly string[];
  /** Columns with JSON, which SQLite has as text. */
  readonly json?: readonly string[];
  /** Rows that are read at a time (default: 1,000). */
  readonly rowsAtOnce?: number;
}

/** What moves, each table behind those that its foreign keys name. */
export const movedTables: readonly MovedTable[] = [
  {
    name: 'repositories',
    key: ['id'],
    counted: ['total_size', 'tag_count', 'manifest_count', 'unique_size', 'unique_blobs'],
  },
  { name: 'blobs', key: ['id'], counted: ['repository_count'] },
  // A manifest may have 4 MiB.
  { name: 'manifests', key: ['id'], rowsAtOnce: 16 },
  { name: 'tags', key: ['repository_id', 'name'] },
  { name: 'tagged_images', key: ['manifest_id'] },
  { name: 'manifest_blobs', key: ['repository_id', 'blob_id', 'manifest_id'] },
  { name: 'manifest_children', key: ['parent_id', 'child_digest'] },
  { name: 'manifest_summaries', key: ['manifest_id'], json: ['platforms', 'annotations'] },
  { name: 'manifest_pulls', key: ['manifest_id'] },
  { name: 'damaged_manifests', key: ['manifest_id'] },
  { name: 'blob_links', key: ['repository_id', 'blob_id'] },
  { name: 'gc_queue', key: ['blob_id'], counted: ['size', 'unreferenced'] },
  { name: 'gc_runs', key: ['sequence'] },
  {
    name: 'policy_rules',
    key: ['id'],
    json: ['roles', 'account_types', 'actions', 'repositories', 'rewritten_from', 'except_roles', 'except_subjects'],
  },
  { name: 'accounts', key: ['id'], json: ['roles'] },
  { name: 'revoked_tokens', key: ['token_id'] },
  { name: 'access_tokens', key: ['id'], json: ['actions', 'repositories'] },
  { name: 'token_owners', key: ['id'], json: ['roles'] },
  { name: 'delegations', key: ['id'] },
  { name: 'identities', key: ['id'], json: ['roles'] },
  { name: 'audit_log', key: ['id'], json: ['details'] },
  { name: 'activity', key: ['day', 'event_type'] },
  { name: 'storage_samples', key: ['day'] },
  { name: 'actor_names', key: ['name'] },
  { name: 'versions', key: ['scope'] },
];

/** What each moved table has beside its rows: the last id that was given, which none may get again. */
export const numberedTables: readonly { readonly name: string; readonly column: string }[] = [
  { name: 'repositories', column: 'id' },
  { name: 'blobs', column: 'id' },
  { name: 'manifests', column: 'id' },
  { name: 'gc_runs', column: 'sequence' },
  { name: 'policy_rules', column: 'id' },
  { name: 'audit_log', column: 'id' },
];

/** How a server is broken: by what it leaves unsynced, or by other text in its bundle. */
export type Fault =
  | { readonly withoutSync: 'files' | 'directories' | 'files and directories' }
  | { readonly text: RegExp; readonly replacement: string };

/** Finds code as the bundle has it, with whatever white space between its tokens, with or without the last semicolon. */
function code(text: string): RegExp {
  const tokens = text.match(/[\w$#]+|[^\w\s]/g) ?? [];
  const last = tokens.at(-1) === ';' ? '?' : '';
  return new RegExp(`${tokens.map((token) => RegExp.escape(token)).join('\\s*')}${last}`, 'g');
}

/** Servers that are broken on purpose, to see whether the harness notices. */
export const faults = {
  /** Neither blobs nor their names are ever synced. */
  'no-sync': { withoutSync: 'files and directories' },
  /** A file becomes a blob before its bytes are synced. */
  'rename-before-sync': { withoutSync: 'files' },
  /** The names of new files are not synced. */
  'no-directory-sync': { withoutSync: 'directories' },
  /** A response does not wait for the log of the database. */
  'no-commit-sync': { text: code('.sync(() => syncData(this.#fd))'), replacement: '.sync(async () => {})' },
  /** A disk that fails at a checkpoint is nothing to stop for. */
  'unnoticed-checkpoint': { text: /\/\^SQLITE_IOERR\(_\(READ/g, replacement: '/^(_(READ' },
  /** What a deleted repository has left when the server ends stays until the next deletion. */
  'no-removal-after-start': { text: code('if (!readOnly) void remover.run();'), replacement: '' },
  /** A blob that is pushed again gets the name that is being removed. */
  'digest-locators': { text: /\$\{digestHex\(digest\)\}\.\$\{suffix\(\)\}/g, replacement: '$${digestHex(digest)}' },
  /** A blob that a client was told it need not send again may be collected. */
  'no-leases': { text: /AND leased_until <= \?/g, replacement: 'AND leased_until - 3600000 <= ?' },
  /** The same in PostgreSQL, where a HEAD extends no lease and postpones no review. */
  'no-leases-in-postgres': {
    text: /PERFORM extend_lease\(repository, blob\.id, p_leased_until\);\s*UPDATE gc_queue SET review_after[^;]*;/g,
    replacement: '',
  },
  /** S3 is not told what the bytes of an object are. */
  'unsigned-payload': {
    text: code('if (this.#isSummed(method)) return unsignedPayload'),
    replacement: 'return unsignedPayload',
  },
  /** Each statement is committed by itself. */
  'split-transactions': {
    text: code('sqlite.transaction(work => work())'),
    replacement: 'Object.assign((work) => work(), { immediate: (work) => work() })',
  },
} as const satisfies Record<string, Fault>;

/** One of {@link faults}. */
export type FaultName = keyof typeof faults;

/** Everything that an inspection can find wrong, in a sentence each. The list is closed: documents and scripts name it. */
export const findingKinds = {
  'database-damaged': 'SQLite finds the database file itself damaged; restore a snapshot.',
  'manifest-unreadable': 'The content of a manifest is no manifest of its media type; delete it and push it again.',
  'manifest-digest': 'The content of a manifest has another digest than the manifest; push it again.',
  'manifest-quarantined': 'A manifest is out of service because its content is damaged; push it again.',
  'manifest-recovered': 'A manifest is out of service although its content is right again.',
  'manifest-fields':
    'Size, artifact type, subject, children or what lists show on record differ from what the content says.',
  'reference-missing':
    'A manifest names a blob that it is not on record to reference, and that was not deleted since it was pushed.',
  'reference-unknown': 'A manifest is on record to reference a blob that its content does not name.',
  'blob-missing': 'A blob has no file.',
  'blob-size': 'The file of a blob has another size than the blob.',
  'blob-digest': 'The file of a blob has another digest than the blob.',
  'blob-unreadable': 'The disk fails to read the file of a blob.',
  'blob-quarantined': 'A blob is out of service because its file is damaged; push it again.',
  'blob-recovered': 'A blob is out of service although its file is right again.',
  'blob-forgotten': 'No manifest references a blob, and no garbage collection is going to look at it.',
  'file-unknown': 'A file that no blob has is older than the grace period.',
  'upload-missing': 'The file of an upload is gone.',
  'upload-short': 'The file of an upload has fewer bytes than were acknowledged.',
  'upload-unknown': 'A file of an upload that the database does not know is older than the time to live of uploads.',
  'repository-size':
    'The size on record of a repository, or its number of tags, manifests or blobs, is not what counting gives.',
  'figures-wrong':
    'The number of repositories on record for a blob, or a sum on record for the whole registry, is not what counting gives.',
  'row-dangling': 'A row of the database points to a row that is not there.',
} as const satisfies Readonly<Record<string, string>>;

/** One of {@link findingKinds}. */
export type FindingKind = keyof typeof findingKinds;

/** What is in order and yet worth a line, in words after a number: each is put right without help. */
export const noteKinds = {
  'file-young': 'files without a blob are younger than the grace period',
  'file-trashed': 'files wait for garbage collection to remove them',
  'upload-open': 'uploads are open',
  'blob-deleted': 'blobs that manifests name were deleted by request',
  'child-absent': 'manifests that indexes list are not in their repositories, as they may be',
  'subject-absent': 'manifests that others refer to are not in their repositories, as they may be',
} as const satisfies Readonly<Record<string, string>>;

/** One of {@link noteKinds}. */
export type NoteKind = keyof typeof noteKinds;

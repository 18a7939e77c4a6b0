/** What is mutated together, and the tests that must notice. Patterns are relative to the root. */
export interface Subject {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const server = 'apps/mcrsrv/src';
const sqlite = 'packages/db/src/sqlite';

const subjects: Readonly<Record<string, Subject>> = {
  core: {
    mutate: ['packages/core/src/**/*.ts', '!**/testing/**', '!**/*.test.ts'],
    tests: ['packages/core/src/**/*.test.ts'],
  },
  // What decides about a request, and what a push passes on its way to the disk.
  'policy-and-uploads': {
    mutate: [
      `${server}/services/{policy,uploads,blobs}/**/*.ts`,
      `${server}/services/limits/upload-*.ts`,
      `${server}/services/gc/reap-uploads.ts`,
      `${server}/oci/{uploads,blobs}.ts`,
      `${server}/admin/policy/**/*.ts`,
      'packages/storage/src/disk/{uploads,write-batches,write-gate,disk-blob-store,layers,marker}.ts',
      `${sqlite}/{policy,uploads}/*.ts`,
      '!**/*.test.ts',
    ],
    tests: [
      `${server}/services/**/*.test.ts`,
      'apps/mcrsrv/test/{blobs,policy,uploads}/*.test.ts',
      'apps/mcrsrv/test/{admin-api/transports,gc/upload-reaper,limits/uploads}.test.ts',
      'packages/storage/src/**/*.test.ts',
      `${sqlite}/sqlite-metadata-store.test.ts`,
    ],
  },
};

/** The names of all subjects. */
export const subjectNames: readonly string[] = Object.keys(subjects);

/** Throws for a name that no subject has. */
export function subjectNamed(name: string | undefined): Subject {
  const found = subjects[name ?? ''];
  if (found === undefined) throw new Error(`unknown subject "${name ?? ''}": name one of ${subjectNames.join(', ')}`);
  return found;
}

import type { Field } from '../../output/field.ts';

/** A repository in numbers. */
export interface Repository {
  readonly name: string;
  readonly tag_count: number;
  readonly manifest_count: number;
  readonly total_size: number;
  readonly created_at: string;
  readonly last_push_at?: string;
}

/** Fields of a repository. */
export const repositoryFields: readonly Field<Repository>[] = [
  { name: 'name', column: 'NAME', describe: 'Its name' },
  { name: 'tag_count', kind: 'number', column: 'TAGS', describe: 'Tags in it' },
  { name: 'manifest_count', kind: 'number', column: 'MANIFESTS', describe: 'Manifests in it, tagged or not' },
  {
    name: 'total_size',
    kind: 'size',
    column: 'SIZE',
    describe: 'Bytes of its manifests and of the distinct blobs that they reference',
  },
  {
    name: 'last_push_at',
    kind: 'time',
    column: 'LAST PUSH',
    none: 'never',
    describe: 'When a manifest was last pushed',
  },
  { name: 'created_at', kind: 'time', describe: 'When it was first pushed to' },
];

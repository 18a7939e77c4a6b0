import type { Field } from '../../output/field.ts';

/** A manifest without its bytes. */
export interface Manifest {
  readonly digest: string;
  readonly media_type: string;
  readonly size: number;
  readonly artifact_type?: string | undefined;
  readonly subject?: string | undefined;
  readonly created_at: string;
}

/** Fields of a manifest. */
export const manifestFields: readonly Field<Manifest>[] = [
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'Its digest, as it was pushed' },
  { name: 'media_type', column: 'MEDIA TYPE', describe: 'Its media type' },
  { name: 'artifact_type', column: 'ARTIFACT TYPE', describe: 'Its artifact type, else the media type of the config' },
  { name: 'subject', kind: 'digest', column: 'SUBJECT', describe: 'Digest of the manifest that it refers to' },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Bytes of the manifest itself' },
  { name: 'created_at', kind: 'time', column: 'PUSHED', describe: 'When it was first pushed' },
];

import type { Manifest } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a manifest. */
export const manifestFields: readonly Field<Json<Manifest>>[] = [
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'Its digest, as it was pushed' },
  { name: 'media_type', column: 'MEDIA TYPE', describe: 'Its media type' },
  { name: 'artifact_type', column: 'ARTIFACT TYPE', describe: 'Its artifact type, else the media type of the config' },
  { name: 'subject', kind: 'digest', column: 'SUBJECT', describe: 'Digest of the manifest that it refers to' },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Bytes of the manifest itself' },
  { name: 'created_at', kind: 'time', column: 'PUSHED', describe: 'When it was first pushed' },
];

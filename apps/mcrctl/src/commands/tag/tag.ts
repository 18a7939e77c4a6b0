import type { Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a tag. */
export const tagFields: readonly Field<Json<Tag>>[] = [
  { name: 'name', column: 'TAG', describe: 'Its name' },
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'Digest of the manifest that it points to' },
  { name: 'media_type', column: 'MEDIA TYPE', describe: 'Media type of that manifest' },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Bytes of that manifest itself' },
  { name: 'updated_at', kind: 'time', column: 'UPDATED', describe: 'When the tag was last set' },
];

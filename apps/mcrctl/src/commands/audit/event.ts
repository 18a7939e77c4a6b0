import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of an event. */
export const eventFields: readonly Field<Json<AuditEvent>>[] = [
  { name: 'id', kind: 'number', column: 'ID', describe: 'Id, which increases with every event' },
  { name: 'at', column: 'TIME', describe: 'When, in RFC 3339' },
  {
    name: 'event_type',
    column: 'EVENT',
    tones: { policy_deny: 'red', login_failed: 'red' },
    describe: 'Event type',
  },
  {
    name: 'actor',
    kind: 'object',
    column: 'ACTOR',
    text: ({ actor }) => actor?.name ?? actor?.id ?? '-',
    describe: 'Actor, as far as known: id, name, ip',
  },
  { name: 'repository', column: 'REPOSITORY', describe: 'Repository concerned' },
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'Digest concerned' },
  {
    name: 'details',
    kind: 'object',
    column: 'DETAILS',
    text: ({ details }) =>
      Object.entries(details)
        .map((pair) => pair.join('='))
        .join(' '),
    describe: 'Further details, such as tag, rule id, media type',
  },
];

import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of an event. */
export const eventFields: readonly Field<Json<AuditEvent>>[] = [
  { name: 'id', kind: 'number', column: 'ID', describe: 'Grows with every event' },
  { name: 'at', column: 'TIME', describe: 'When, in RFC 3339' },
  {
    name: 'event_type',
    column: 'EVENT',
    tones: { policy_deny: 'red', login_failed: 'red' },
    describe: 'What happened',
  },
  {
    name: 'actor',
    kind: 'object',
    column: 'ACTOR',
    text: ({ actor }) => actor?.name ?? actor?.id ?? '-',
    describe: 'Who did it, as far as it is known: id, name, ip',
  },
  { name: 'repository', column: 'REPOSITORY', describe: 'The repository that it concerns' },
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'The digest that it concerns' },
  {
    name: 'details',
    kind: 'object',
    column: 'DETAILS',
    text: ({ details }) =>
      Object.entries(details)
        .map((pair) => pair.join('='))
        .join(' '),
    describe: 'Further facts: tag, rule id, media type and the like',
  },
];

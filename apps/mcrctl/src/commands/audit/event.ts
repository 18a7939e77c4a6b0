import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** An event, with the address of its actor. */
export interface ListedEvent extends Json<AuditEvent> {
  readonly ip: string | undefined;
}

/** Fields of an event. */
export const eventFields: readonly Field<ListedEvent>[] = [
  {
    name: 'id',
    kind: 'number',
    column: 'ID',
    spare: true,
    describe: 'Id, which increases with every event',
    reference: ({ id }) => String(id),
  },
  { name: 'at', kind: 'instant', column: 'TIME', describe: 'Time of the event' },
  {
    name: 'event_type',
    column: 'EVENT',
    whole: true,
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
  {
    name: 'ip',
    column: 'ADDRESS',
    whole: true,
    describe: 'Address of the client, as in `actor`',
  },
  { name: 'repository', column: 'REPOSITORY', describe: 'Repository concerned' },
  { name: 'digest', kind: 'digest', column: 'DIGEST', spare: true, describe: 'Digest concerned' },
  {
    name: 'details',
    kind: 'object',
    column: 'DETAILS',
    spare: true,
    text: ({ details }) =>
      Object.entries(details)
        .map((pair) => pair.join('='))
        .join(' '),
    describe: 'Further details, such as tag, rule id, media type',
  },
];

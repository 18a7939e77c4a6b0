import type { CallOptions } from '@connectrpc/connect';
import type { Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import type { WebContext } from '../../context.ts';
import { pushesVersion } from '../../live/topics.ts';
import { Recent } from '../../registry/recent.ts';
import type { Operation } from './props.ts';
import { groupPushes, type Push } from './pushes.ts';

const listed = 10;
/** Events to fold into pushes, page by page until there are enough. An index for ten platforms with attestations is 21. */
const eventPages = [20, 40, 140] as const;
/** A push makes them known anew at once; this is for what has no time of its own, such as a second one in the same millisecond. */
const keepMs = 5_000;

/** `latest` has the repository that was pushed to last. */
type ReadOperation = (caller: CallOptions, latest: Promise<readonly Repository[] | undefined>) => Promise<Operation>;

/** Reads the part of the front page that is for admins, of which most is the same to all of them and is kept. */
export function operationReader(context: Pick<WebContext, 'registry' | 'clock' | 'operation'>): ReadOperation {
  const { registry, clock, operation } = context;
  const recent = new Recent<readonly Push[]>(clock, keepMs);
  return async (caller, latest) => {
    const readPushes = () => lastPushes(registry, caller);
    // Statistics are for admins: a user who no longer is one gets this error, and nothing of what is kept.
    const [statistics, space, state, pushes] = await Promise.all([
      registry.admin.getStatistics({}, caller),
      operation.space(caller),
      operation.state(caller),
      latest.then((found = []) => recent.get(readPushes, pushesVersion(found))).catch(readPushes),
    ]);
    return { statistics, space, pushes, ...state };
  };
}

/** The last pushes, of no more events than they need. */
async function lastPushes({ audit }: WebContext['registry'], caller: CallOptions): Promise<readonly Push[]> {
  const events = [];
  let pageToken = '';
  let pushes: readonly Push[] = [];
  for (const pageSize of eventPages) {
    const page = await audit.listAuditEvents({ eventType: 'manifest_pushed', pageSize, pageToken }, caller);
    events.push(...page.events);
    pushes = groupPushes(events);
    pageToken = page.nextPageToken;
    // The last one may go on in events that were not read.
    if (pushes.length > listed || pageToken === '') break;
  }
  return pushes.slice(0, listed);
}

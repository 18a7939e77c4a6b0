import type { CallOptions } from '@connectrpc/connect';
import type { WebContext } from '../../context.ts';
import { Recent } from '../../registry/recent.ts';
import type { Operation } from './props.ts';
import { groupPushes, type Push } from './pushes.ts';

const listed = 10;
const days = 30;
/** Events to fold into pushes, page by page until there are enough. An index for ten platforms with attestations is 21. */
const eventPages = [20, 40, 140] as const;
/** Figures of all that is stored, and of days, move slowly; what their user has just changed is read anew. */
const keepMs = 5_000;

type ReadOperation = (caller: CallOptions) => Promise<Operation>;

/** Reads the part of the front page that is for admins. The figures that are the same to all of them are kept for 5 s. */
export function operationReader({ registry, clock }: Pick<WebContext, 'registry' | 'clock'>): ReadOperation {
  const recent = new Recent<Awaited<ReturnType<typeof readFigures>>>(clock, keepMs);
  return async (caller) => {
    const read = () => readFigures(registry, caller);
    // Statistics are for admins: a user who no longer is one gets this error, and none of the figures that are kept.
    const [statistics, pushes, gc, snapshots, figures] = await Promise.all([
      registry.admin.getStatistics({}, caller),
      lastPushes(registry, caller),
      registry.registry.getGCStatus({}, caller),
      registry.admin.listSnapshots({ pageSize: 1 }, caller),
      // The shared reading may have failed for another user's rights.
      recent.get(read).catch(read),
    ]);
    return { statistics, pushes, gc, snapshot: snapshots.snapshots[0], ...figures };
  };
}

async function readFigures({ admin, audit }: WebContext['registry'], caller: CallOptions) {
  const [usage, storage, activity, { status, checks }] = await Promise.all([
    admin.getStorageUsage({}, caller),
    admin.describeStorage({}, caller),
    audit.getActivity({ days }, caller),
    admin.ready({}),
  ]);
  return { usage, storage, activity: activity.days, status, hasStorage: checks['storage'] !== 'failed' };
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

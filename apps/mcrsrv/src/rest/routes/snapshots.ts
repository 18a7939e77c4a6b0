import * as z from 'zod';
import { listSnapshots } from '../../services/snapshots/list.ts';
import { requestSnapshot } from '../../services/snapshots/request.ts';
import { pageAnswer, pageOf } from '../page.ts';
import { signedIn } from '../route.ts';
import { pageQuery, snapshotAnswer } from '../schemas.ts';
import { snapshotShape } from '../shapes.ts';

const path = '/v1/snapshots';

export const postSnapshot = signedIn({
  method: 'POST',
  path,
  access: { admin: 'create snapshot' },
  summary: 'Write a verified copy of the database beside it',
  answer: { status: 201, description: 'The snapshot', schema: snapshotAnswer },
  handle: async ({ services, caller }) => ({
    status: 201,
    body: snapshotShape(await requestSnapshot(services, caller)),
  }),
});

export const getSnapshots = signedIn({
  method: 'GET',
  path,
  access: { admin: 'list snapshots' },
  summary: 'Snapshots, newest first',
  query: pageQuery,
  answer: { status: 200, description: 'A page', schema: z.object({ snapshots: z.array(snapshotAnswer) }) },
  handle: async ({ services, caller, query }) => {
    const { items, more } = await listSnapshots(services, caller, pageOf(query));
    const next = more && { path, query: { n: query.n, last: items.at(-1)?.name } };
    return pageAnswer({ snapshots: items.map(snapshotShape) }, next);
  },
});

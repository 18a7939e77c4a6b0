import * as z from 'zod';
import { gcStatus, listGcRuns } from '../../services/gc/status.ts';
import { triggerGc } from '../../services/gc/trigger.ts';
import { parseInput } from '../../services/parse-input.ts';
import { pageAnswer } from '../page.ts';
import { signedIn } from '../route.ts';
import { gcBody, gcStatusAnswer, runAnswer, runsQuery } from '../schemas.ts';
import { gcStatusShape, runShape } from '../shapes.ts';

export const postGc = signedIn({
  method: 'POST',
  path: '/v1/gc',
  access: { admin: 'run garbage collection' },
  summary: 'Start a garbage collection; 409 while one is running',
  body: gcBody,
  bodyOptional: true,
  answer: { status: 202, description: 'It has started', schema: z.object({ id: z.string() }) },
  handle: async ({ services, caller, body }) => {
    const { id } = await triggerGc(services, caller, parseInput(gcBody, body));
    return { status: 202, body: { id }, headers: { Location: '/v1/gc/status' } };
  },
});

export const getGcStatus = signedIn({
  method: 'GET',
  path: '/v1/gc/status',
  access: { admin: 'read garbage collection' },
  summary: 'What garbage collection is doing, and what it did last',
  answer: { status: 200, description: 'The status', schema: gcStatusAnswer },
  handle: async ({ services, caller }) => ({ status: 200, body: gcStatusShape(await gcStatus(services, caller)) }),
});

export const getGcRuns = signedIn({
  method: 'GET',
  path: '/v1/gc/runs',
  access: { admin: 'read garbage collection' },
  summary: 'Garbage collections, newest first',
  query: runsQuery,
  answer: { status: 200, description: 'A page', schema: z.object({ runs: z.array(runAnswer) }) },
  handle: async ({ services, caller, query: { n, before } }) => {
    const page = { limit: n, ...(before !== undefined && { before }) };
    const { items, more } = await listGcRuns(services, caller, page);
    const next = more && { path: '/v1/gc/runs', query: { n, before: items.at(-1)?.id } };
    return pageAnswer({ runs: items.map(runShape) }, next);
  },
});

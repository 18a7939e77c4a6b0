import { commit, version } from '@mcr/core';
import { checkReadiness } from '../../services/health/ready.ts';
import { open } from '../route.ts';
import { healthAnswer, readyAnswer } from '../schemas.ts';

/** The process is up. */
export const getHealth = open({
  method: 'GET',
  path: '/v1/health',
  summary: 'Whether the process is up',
  answer: { status: 200, description: 'It is', schema: healthAnswer },
  handle: async () => ({ status: 200, body: { status: 'ok', version, ...(commit !== undefined && { commit }) } }),
});

/** The registry can do its work, or 503 with the part that cannot. */
export const getReady = open({
  method: 'GET',
  path: '/v1/ready',
  summary: 'Whether database and storage work; 503 if not',
  answer: { status: 200, description: 'They do', schema: readyAnswer },
  otherwise: { status: 503, description: 'One of them does not', schema: readyAnswer },
  handle: async ({ services }) => {
    const { ready, checks } = await checkReadiness(services);
    return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'unavailable', checks } };
  },
});

import { getStatistics } from '../../services/statistics.ts';
import { signedIn } from '../route.ts';
import { statisticsAnswer } from '../schemas.ts';
import { statisticsShape } from '../shapes.ts';

export const getStatisticsRoute = signedIn({
  method: 'GET',
  path: '/v1/statistics',
  access: { admin: 'read statistics' },
  summary: 'What is stored, in numbers',
  answer: { status: 200, description: 'The numbers', schema: statisticsAnswer },
  handle: async ({ services, caller }) => ({
    status: 200,
    body: statisticsShape(await getStatistics(services, caller)),
  }),
});

import type { Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { ServiceContext } from '../services/context.ts';
import { mountRoutes } from './mount.ts';
import { describeApi } from './openapi.ts';
import { type RestRoute, signedIn } from './route.ts';
import { deleteAccountRoute, getAccounts, patchAccount, postAccount } from './routes/accounts.ts';
import { getAudit } from './routes/audit.ts';
import { getWhoAmI, postLogin, postLogout, postPassword } from './routes/auth.ts';
import { getGcRuns, getGcStatus, postGc } from './routes/gc.ts';
import { getHealth, getReady } from './routes/health.ts';
import { deleteRuleRoute, getRuleRoute, getRules, patchRule, postExplain, postRule } from './routes/policy.ts';
import {
  deleteManifestRoute,
  deleteRepositoryRoute,
  deleteTagRoute,
  getRepositories,
  getRepositoryDetail,
  getRepositoryManifests,
  getRepositoryTags,
} from './routes/repositories.ts';
import { getSnapshots, postSnapshot } from './routes/snapshots.ts';
import { getStatisticsRoute } from './routes/statistics.ts';
import { openApiAnswer } from './schemas.ts';

const getOpenApi = signedIn({
  method: 'GET',
  path: '/v1/openapi.json',
  access: 'account',
  summary: 'This description',
  answer: { status: 200, description: 'OpenAPI 3.1', schema: openApiAnswer },
  handle: async () => ({ status: 200, body: (description ??= describeApi(restRoutes)) }),
});

/** Every route of the admin API. Where two match a raw name with slashes, the first one wins. */
export const restRoutes: readonly RestRoute[] = [
  getHealth,
  getReady,
  postLogin,
  postLogout,
  postPassword,
  getWhoAmI,
  getRepositories,
  getRepositoryTags,
  getRepositoryManifests,
  deleteTagRoute,
  deleteManifestRoute,
  getRepositoryDetail,
  deleteRepositoryRoute,
  getRules,
  postRule,
  getRuleRoute,
  patchRule,
  deleteRuleRoute,
  postExplain,
  getAudit,
  postGc,
  getGcStatus,
  getGcRuns,
  postSnapshot,
  getSnapshots,
  getAccounts,
  postAccount,
  patchAccount,
  deleteAccountRoute,
  getStatisticsRoute,
  getOpenApi,
];

/** Made when somebody asks, since it takes as long as a tenth of a start. */
let description: object | undefined;

/** The admin API below `/v1`. */
export function mountRest(app: Hono<AppEnv>, services: ServiceContext): void {
  mountRoutes(app, services, restRoutes);
}

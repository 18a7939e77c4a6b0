import { Hono } from 'hono';
import type { WebContext } from './context.ts';
import { adminOnly, managersOnly } from './http/admin-only.ts';
import { protectForms } from './http/csrf.ts';
import type { AppEnv } from './http/env.ts';
import { rememberChoices } from './http/remembered.ts';
import { logRequests } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { serveStatic } from './http/serve-static.ts';
import { requireSession } from './http/session.ts';
import { chooseTheme } from './http/theme.ts';
import { collection, pushes, repositoryTopic } from './live/topics.ts';
import { accountsPage, changeRoles, createAccount, resetPassword, switchAccount } from './pages/accounts/handler.ts';
import { csv } from './pages/audit/csv.ts';
import { exportEvents } from './pages/audit/export.ts';
import { auditPage } from './pages/audit/handler.ts';
import { jsonLines } from './pages/audit/json-lines.ts';
import { comparePage } from './pages/compare/handler.ts';
import {
  createDelegation,
  delegationsPage,
  deleteDelegation,
  deleteDelegationPage,
} from './pages/delegations/handler.ts';
import { deleteRepository, deleteRepositoryPage } from './pages/delete-repository/handler.ts';
import { deleteTags, planPage } from './pages/delete-tags/handler.ts';
import { errorPage, notFoundPage } from './pages/errors/handler.ts';
import { downloadFile, filePage } from './pages/files/handler.ts';
import { homePage } from './pages/home/handler.ts';
import { liveEvents } from './pages/live/handler.ts';
import { login, loginPage, logout } from './pages/login/handler.ts';
import { signInCallback } from './pages/login/sign-in.ts';
import { changePassword, mePage } from './pages/me/handler.ts';
import { deletePerson, peoplePage, personQuestion, switchPerson } from './pages/people/handler.ts';
import {
  createRule,
  deleteRule,
  deleteRulePage,
  matchesOfForm,
  newRulePage,
  policiesPage,
  rulePage,
  switchRule,
  updateRule,
} from './pages/policies/handler.ts';
import { repositoriesPage } from './pages/repositories/handler.ts';
import { describeRepository, repositoryPages } from './pages/repository/handler.ts';
import { searchPage } from './pages/search/handler.ts';
import { collect, progressPart, storagePage, takeSnapshot } from './pages/storage/handler.ts';
import { createToken, revokeToken, rotateToken, tokenQuestion, tokensPage } from './pages/tokens/handler.ts';
import { revokeView } from './pages/tokens/revoke-view.ts';
import { rotateView } from './pages/tokens/rotate-view.ts';

/** The pages as one application, without a socket. */
export function createApp(context: WebContext): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(logRequests(context.log));
  app.use(securityHeaders(context.config.web.tlsCert !== undefined));
  app.use(async (c, next) => {
    c.set('staticFiles', context.staticFiles);
    c.set('host', new URL(context.config.web.publicUrl ?? c.req.url).host);
    await next();
  });
  app.get('/static/:file', serveStatic(context));
  app.use(requireSession(context), protectForms(context));

  app.get('/login', loginPage(context)).post(login(context));
  app.get('/login/callback', signInCallback(context));
  app.post('/logout', logout(context));
  app.post('/theme', chooseTheme);
  app.post('/pull', rememberChoices);
  app.get('/', homePage(context));
  app.get('/me', mePage(context));
  app.post('/me/password', changePassword(context));
  app.get('/search', searchPage(context));
  app.get('/repositories', repositoriesPage(context));
  app.get('/repositories/:path{.+}', repositoryPages(context)).post(adminOnly, describeRepository(context));
  app.get('/compare/:name{.+}', comparePage(context));
  app.get('/files/:path{.+}', filePage(context));
  app.get('/download/:path{.+}', downloadFile(context));

  app.get(
    '/live/pushes',
    liveEvents(context, () => pushes),
  );
  app.get(
    '/live/collection',
    adminOnly,
    liveEvents(context, () => collection),
  );
  app.get(
    '/live/repositories/:name{.+}',
    liveEvents(context, (c) => repositoryTopic(c.req.param('name') ?? '')),
  );
  app.get('/delete-tags/:name{.+}', adminOnly, planPage(context)).post(adminOnly, deleteTags(context));
  app
    .get('/delete-repository/:name{.+}', adminOnly, deleteRepositoryPage(context))
    .post(adminOnly, deleteRepository(context));
  app.get('/policies', managersOnly, policiesPage(context)).post(managersOnly, createRule(context));
  app.get('/policies/new', managersOnly, newRulePage);
  app.get('/policies/matches', managersOnly, matchesOfForm(context));
  app.get('/policies/:id', managersOnly, rulePage(context)).post(managersOnly, updateRule(context));
  app.post('/policies/:id/enabled', managersOnly, switchRule(context));
  app.get('/policies/:id/delete', managersOnly, deleteRulePage(context)).post(managersOnly, deleteRule(context));
  app.get('/audit', managersOnly, auditPage(context));
  app.get('/audit.csv', managersOnly, exportEvents(context, csv));
  app.get('/audit.jsonl', managersOnly, exportEvents(context, jsonLines));
  app.get('/storage', adminOnly, storagePage(context));
  app.get('/storage/progress', adminOnly, progressPart(context));
  app.post('/storage/collect', adminOnly, collect(context));
  app.post('/storage/snapshots', adminOnly, takeSnapshot(context));
  app.get('/delegations', adminOnly, delegationsPage(context)).post(adminOnly, createDelegation(context));
  app
    .get('/delegations/:id/delete', adminOnly, deleteDelegationPage(context))
    .post(adminOnly, deleteDelegation(context));
  app.get('/accounts', adminOnly, accountsPage(context)).post(adminOnly, createAccount(context));
  app.post('/accounts/:id/password', adminOnly, resetPassword(context));
  app.post('/accounts/:id/roles', adminOnly, changeRoles(context));
  app.post('/accounts/:id/enabled', adminOnly, switchAccount(context));

  app.get('/accounts/people', adminOnly, peoplePage(context));
  for (const change of ['block', 'unblock'] as const) {
    app
      .get(`/accounts/people/:id/${change}`, adminOnly, personQuestion(context, change))
      .post(adminOnly, switchPerson(context, change));
  }
  app
    .get('/accounts/people/:id/delete', adminOnly, personQuestion(context, 'delete'))
    .post(adminOnly, deletePerson(context));

  app.get('/tokens', tokensPage(context)).post(createToken(context));
  app.get('/tokens/:id/rotate', tokenQuestion(context, rotateView)).post(rotateToken(context));
  app.get('/tokens/:id/revoke', tokenQuestion(context, revokeView)).post(revokeToken(context));

  app.notFound(notFoundPage);
  app.onError(errorPage(context));
  return app;
}

import type { Clock } from '@mcr/core';
import { createTestCa } from '@mcr/testkit';
import { type Registry, type Responses, startRegistry } from './registry.ts';
import { type Visitor, visit } from './visitor.ts';
import { startWeb } from './web.ts';

/** A web UI in front of a registry with the responses of a test, with an admin and a user who are signed in. */
export interface Stage extends AsyncDisposable {
  readonly registry: Registry;
  readonly admin: Visitor;
  readonly grace: Visitor;
  readonly stranger: Visitor;
}

/** Starts both servers, and discards the calls that signing in made. */
export async function startStage(responses: Responses = {}, options: { readonly clock?: Clock } = {}): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  const ca = await createTestCa();
  const registry = started.use(await startRegistry(await ca.issue(), () => ({}), 0, responses));
  const web = started.use(await startWeb({ ca, grpcPort: registry.port, ...options }));
  const [admin, grace] = [visit(web), visit(web)];
  await admin.signIn('admin');
  await grace.signIn('grace');
  registry.calls.length = 0;
  const everything = started.move();
  return { registry, admin, grace, stranger: visit(web), [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

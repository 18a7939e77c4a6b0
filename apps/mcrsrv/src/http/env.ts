import type { HttpBindings } from '@hono/node-server';

/** What Hono handlers find in their context: Node's request and response. */
export interface AppEnv {
  readonly Bindings: HttpBindings;
}

import type { HttpBindings } from '@hono/node-server';

/** What handlers find in their context. */
export interface AppEnv {
  readonly Bindings: HttpBindings;
  Variables: {
    /** Stands in the log, in the response and on error pages. */
    requestId: string;
  };
}

import type { HttpBindings } from '@hono/node-server';
import type { Caller } from '../services/caller.ts';

/** What Hono handlers find in their context. */
export interface AppEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** Set by authentication. */
    readonly caller: Caller;
  };
}

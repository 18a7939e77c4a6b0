import type { HttpBindings } from '@hono/node-server';
import type { StaticFiles } from '../static-files.ts';

/** How colors are chosen: as the browser prefers, or fixed. */
export type Theme = 'auto' | 'light' | 'dark';

/**
 * Somebody who is signed in. The registry checks the token on every call; the rest only decides what pages offer, so a
 * person who changes it in the own cookie gains nothing.
 */
export interface Session {
  readonly token: string;
  readonly username: string;
  readonly roles: readonly string[];
  /** When the person last did something, milliseconds since the epoch. */
  readonly seen: number;
}

/** What handlers find in their context. */
export interface AppEnv {
  readonly Bindings: HttpBindings;
  Variables: {
    /** Stands in the log, in the response and on error pages. */
    requestId: string;
    /** Address of whoever is connected: a browser, or a proxy. */
    peer: string;
    /** Who is signed in. */
    session: Session | undefined;
    /** What forms send along to prove that they came from this UI. */
    csrf: string;
    /** Where pages find style, scripts and icon. */
    staticFiles: StaticFiles;
    /** Fields of the form that was sent. */
    form: URLSearchParams;
  };
}

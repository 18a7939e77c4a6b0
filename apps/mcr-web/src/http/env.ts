import type { HttpBindings } from '@hono/node-server';
import type { StaticFiles } from '../static-files.ts';

/** The color theme: as the browser prefers, or fixed. */
export type Theme = 'auto' | 'light' | 'dark';

/**
 * A signed-in user. The registry validates the token on every call; the rest only determines what pages offer, so
 * changing it in the cookie gains nothing.
 */
export interface Session {
  readonly token: string;
  readonly username: string;
  readonly roles: readonly string[];
  /** Patterns of which the user manages rules; absent: none. */
  readonly delegations?: readonly string[];
  /** Time of the last activity, milliseconds since the epoch. */
  readonly seen: number;
  /** The visitor has not signed in, and sees what rules let guests pull. */
  readonly isGuest?: true;
}

/** The variables of a request. */
export interface AppEnv {
  readonly Bindings: HttpBindings;
  Variables: {
    /** Included in the log, in the response and on error pages. */
    requestId: string;
    /** Address of the peer: a browser, or a proxy. */
    peer: string;
    /** The signed-in user. */
    session: Session | undefined;
    /** The token with which forms prove that they came from this UI. */
    csrf: string;
    /** Host of this UI as its users know it. */
    host: string;
    /** The paths of style, scripts, fonts and icons. */
    staticFiles: StaticFiles;
    /** Fields of the submitted form. */
    form: URLSearchParams;
    /** The result of a change that the response to it shows, without a redirect. */
    flash?: string;
  };
}

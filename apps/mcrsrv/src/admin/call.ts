import type { Actor } from '@mcr/core';
import type { Change } from '@mcr/db';
import { actorOf, type Caller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import type { AskedPage } from './page.ts';

const noPage: AskedPage = { limit: 0, parameter: 'page_token' };

/** How an operation is called, whichever way the request came. */
export interface Call {
  /** Who calls. A public method has no caller: asking for one there throws. */
  readonly caller: Caller;
  /** The caller as the audit log names it. */
  readonly actor: Actor;
  /** Address of the client. */
  readonly ip: string;
  /** The caller's token; empty without one. */
  readonly token: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** The page that is asked for; the first one of a list that has none. */
  readonly page: AskedPage;
  /** Whether a change may leave no enabled admin. Only the host's command line says so, after it has asked; no transport can. */
  readonly evenLastAdmin?: boolean;
}

/** What a transport knows of a call. */
export interface CallParts {
  readonly caller: Caller | undefined;
  readonly ip: string;
  readonly token: string | undefined;
  readonly signal: () => AbortSignal;
  readonly page: AskedPage | undefined;
}

/** A call over a network. */
export function createCall({ caller, ip, token = '', signal, page = noPage }: CallParts): Call {
  const known = (): Caller => {
    if (caller === undefined) throw new Error('a public method has no caller');
    return caller;
  };
  return {
    get caller() {
      return known();
    },
    get actor() {
      return actorOf(known());
    },
    get signal() {
      return signal();
    },
    ip,
    token,
    page,
  };
}

/**
 * A call from the command line of the host, which has no account: who runs it can write the database. The audit log names
 * it `mcrsrv`.
 */
export function createLocalCall({ page = noPage, evenLastAdmin = false }: Partial<Call> = {}): Call {
  return {
    get caller(): never {
      throw new Error('the command line of the host has no account');
    },
    actor: { name: 'mcrsrv' },
    ip: '',
    token: '',
    signal: new AbortController().signal,
    page,
    evenLastAdmin,
  };
}

/** Who changes something, and when; for the store. */
export function changeBy({ clock }: Pick<ServiceContext, 'clock'>, { actor }: Pick<Call, 'actor'>): Change {
  return { actor, now: clock.now() };
}

/** A change that may orphan blobs: garbage collection looks at them a grace period later. */
export function removalBy(
  services: Pick<ServiceContext, 'clock' | 'settings'>,
  call: Pick<Call, 'actor'>,
): Change & { readonly reviewAfter: number } {
  const change = changeBy(services, call);
  return { ...change, reviewAfter: change.now + services.settings.gracePeriod };
}

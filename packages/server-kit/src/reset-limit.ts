import { constants, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { type Clock, systemClock } from '@mcr/core';
import { plainAddress } from './client-address.ts';
import { LeakyBuckets } from './leaky-buckets.ts';
import { networkOf } from './network-of.ts';
import type { OnReject } from './rejections.ts';

/** So many streams of one client may be reset at once; a page of the web UI that times out resets eight. */
const burst = 200;
/** And so many a second in the long run, which takes a few percent of a core. */
const perSecond = 50;
/** Clients that are counted at a time: below 2 MB. */
const maxBuckets = 10_000;

/** What the limit needs to know. */
export interface ResetLimitOptions {
  /** Whether many clients share the address: each of its connections is then counted by itself. */
  readonly isExempt: (address: string) => boolean;
  readonly onReject: OnReject;
  readonly clock?: Clock;
}

/**
 * Ends HTTP/2 connections of clients that begin streams and reset them faster than anyone needs (CVE-2023-44487), or have
 * the server reset them, with GOAWAY and ENHANCE_YOUR_CALM. Counts by address, so that a new connection is no new start.
 * Node's own limit looks only after each 64 KiB, into which more than a thousand requests fit.
 */
export function limitResets(server: Http2SecureServer, options: ResetLimitOptions): void {
  const { isExempt, onReject, clock = systemClock } = options;
  const resets = new LeakyBuckets(clock, { capacity: burst, leakMs: 1_000 / perSecond, maxBuckets });
  let sessions = 0;
  server.on('session', (session) => {
    const address = plainAddress(session.socket.remoteAddress ?? '');
    sessions += 1;
    const client = isExempt(address) ? `${address} ${sessions}` : networkOf(address);
    const isKnown = resets.wait(client) > 0;
    let isOver = false;
    session.on('stream', (stream) => {
      stream.once('close', () => {
        if (stream.rstCode === constants.NGHTTP2_NO_ERROR || isOver || session.destroyed) return;
        resets.add(client);
        if (resets.wait(client) === 0) return;
        isOver = true;
        onReject('resets', address);
        session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
        // The GOAWAY is written in the next turn, until when this connection may be read for once.
        if (isKnown) session.destroy();
        else setImmediate(end, session);
      });
    });
  });
}

/** A session that is closed before it is destroyed drops what else comes: a reset would overtake the GOAWAY. */
function end(session: ServerHttp2Session): void {
  session.close();
  session.destroy();
}

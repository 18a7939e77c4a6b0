import { constants, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { type Clock, systemClock } from '@mcr/core';
import { plainAddress } from './client-address.ts';
import { LeakyBuckets } from './leaky-buckets.ts';
import { networkOf } from './network-of.ts';
import type { OnReject } from './rejections.ts';

/** Maximum burst of stream resets per client; a page of the web UI that times out resets eight. */
const burst = 200;
/** Maximum long-term rate per second, which takes a few percent of a core. */
const perSecond = 50;
/** Maximum number of clients that are counted: below 2 MB. */
const maxBuckets = 10_000;

/** Settings of the limit. */
export interface ResetLimitOptions {
  /** Whether many clients share the address: then each connection is counted separately. */
  readonly isExempt: (address: string) => boolean;
  readonly onReject: OnReject;
  readonly clock?: Clock;
}

/**
 * Closes HTTP/2 connections of clients that open streams and reset them at an abusive rate (CVE-2023-44487), or make
 * the server reset them, with GOAWAY and ENHANCE_YOUR_CALM. Counts per address, so that reconnecting does not help.
 * Node's own limit is checked only every 64 KiB, which is more than a thousand requests.
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
        // GOAWAY is written in the next turn of the event loop, until which this connection may still be read.
        if (isKnown) session.destroy();
        else setImmediate(end, session);
      });
    });
  });
}

/** A session that is closed before it is destroyed drops further frames: a reset would overtake the GOAWAY. */
function end(session: ServerHttp2Session): void {
  session.close();
  session.destroy();
}

import type { Actor } from '@mcr/core';

/** Times are milliseconds since the epoch, sizes are bytes. Lists are in bytewise order and exclude `after` itself. */
export interface Page<Cursor = string> {
  readonly after?: Cursor;
  readonly limit: number;
}

/** Who changes something and when; part of every change, for its audit event. */
export interface Change {
  readonly actor: Actor;
  readonly now: number;
}

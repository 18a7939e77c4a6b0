import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { bytesText, counted, exactTime } from '../ui/format.ts';
import type { RegistryClient } from './client.ts';

/**
 * What waits for garbage collection, as the last sentence of a message about a deletion; empty if nothing does. The
 * deletion has succeeded by then, so an unreadable status is not an error.
 */
export async function waitingGarbage(registry: RegistryClient, caller: CallOptions): Promise<string> {
  const status = await registry.registry.getGCStatus({}, caller).catch(() => undefined);
  const { blobs = 0, bytes = 0n, lastDueAt } = status?.pending ?? {};
  if (blobs === 0) return '';
  const until = lastDueAt === undefined ? '' : ` until ${exactTime(timestampDate(lastDueAt))}`;
  return ` ${counted(blobs, 'blob')} (${bytesText(bytes)}) ${blobs === 1 ? 'waits' : 'wait'} for garbage collection${until}.`;
}

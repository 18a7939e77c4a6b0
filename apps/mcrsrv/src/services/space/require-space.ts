import type { ServiceContext } from '../context.ts';

/** Throws `NO_SPACE` unless there is room for a push, where blobs are and where the database is. */
export async function requireSpace({ space }: Pick<ServiceContext, 'space'>): Promise<void> {
  await Promise.all([space.blobs.check(), space.database.check()]);
}

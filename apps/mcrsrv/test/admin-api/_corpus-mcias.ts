import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@mcr/core';
import { startFakeMcias } from '@mcr/testkit';
import { testPassword } from '../_util/server.ts';

/** An identity service, and the environment of a registry that asks it. */
export interface CorpusMcias extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** Starts MCIAS with the accounts `root`, an admin, and `person`. */
export async function startCorpusMcias(clock: Clock, directory: string): Promise<CorpusMcias> {
  await using cleanup = new AsyncDisposableStack();
  const mcias = cleanup.use(await startFakeMcias({ now: () => clock.now() }));
  mcias.addAccount({ username: 'root', password: testPassword, roles: ['admin'] });
  mcias.addAccount({ username: 'person', password: testPassword });
  const ca = join(directory, 'mcias-ca.crt');
  await writeFile(ca, mcias.caPem);
  const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: ca };
  const owned = cleanup.move();
  return { env, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leaksIn, type TestRegistry } from '@mcr/testkit';

/** Passwords and tokens in the database and the metrics of a registry, in words. Its log is looked at when it ends. */
export async function secretsIn({ directory, metricsUrl, adminPassword }: TestRegistry): Promise<readonly string[]> {
  const accounts = new Map([['admin', adminPassword]]);
  const files = ['mcr.db', 'mcr.db-wal'].map(async (name) => [name, await readFile(join(directory, name), 'latin1')]);
  const metrics = await (await fetch(`${metricsUrl}/metrics`)).text();
  const texts = [...(await Promise.all(files)), ['the metrics', metrics]] as const;
  return texts.flatMap(([where, text = '']) => leaksIn(text, accounts).map((what) => `${what} in ${where}`));
}

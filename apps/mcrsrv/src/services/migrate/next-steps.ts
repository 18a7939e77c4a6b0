import { existsSync } from 'node:fs';
import type { Config } from '@mcr/config';
import { asWord } from '@mcr/server-kit/shell';
import { signingKeyPath } from '../../signing-key.ts';
import type { Migration } from './migrate.ts';

interface Files {
  readonly from: Config;
  readonly fromPath: string;
  readonly to: Config;
  readonly toPath: string;
}

/** What an operator does next, step by step. */
export function nextSteps(migration: Migration, files: Files): readonly string[] {
  const { from, fromPath, to, toPath } = files;
  if (!migration.isComplete) {
    return [
      `The blobs are copied. The tables wait: ${migration.waitsFor}`,
      `Run this again; it copies what is new: mcrsrv migrate --config ${asWord(fromPath)} --to ${asWord(toPath)}`,
    ];
  }
  const [key, newKey] = [signingKeyPath(from), signingKeyPath(to)];
  const copyKey = `Copy the signing key, so that tokens and logins stay valid: cp ${asWord(key)} ${asWord(newKey)}`;
  return [
    ...(key === newKey || existsSync(newKey) ? [] : [copyKey]),
    `Stop the servers of ${asWord(fromPath)}`,
    ...(to.server.readOnly ? [`Remove server.read_only from ${asWord(toPath)}`] : []),
    `Check the new configuration: mcrsrv check --config ${asWord(toPath)}`,
    `Start servers on it: mcrsrv server --config ${asWord(toPath)}`,
    'Give mcr-web and the balancer the new addresses, if they have changed. Clients begin open uploads anew',
    'Keep the old database and the old blobs until you have pulled from the new ones; they are as they were',
  ];
}

import { version } from '@mcr/core';
import { CliError } from '../cli/errors.ts';
import type { Target } from '../settings/target.ts';
import type { Identity } from './identify.ts';

/**
 * The server responded, but not as expected: it is another kind of server, the other API of the registry, or a registry
 * of another version. `found` is what it identified as.
 */
export function explainMisunderstanding(
  { address, option }: Target,
  found: Identity | undefined,
  to: string,
  cause?: unknown,
): CliError {
  const what = (problem: string, hint: string): CliError => new CliError(`cannot ${to}: ${problem}`, { hint, cause });
  if (found === undefined) return what(`${address} does not respond like an MCR registry`, whereHints[option]);
  if (found.option !== option) {
    const names = { '--server': 'REST', '--grpc': 'gRPC' };
    return what(
      `${address} is the ${names[found.option]} address of the registry, not its ${names[option]} address`,
      `pass it as ${found.option}; ${whereHints[option]}`,
    );
  }
  return what(
    `the registry at ${address} is version ${found.version} and does not understand mcrctl ${version}`,
    'use the mcrctl of the same release',
  );
}

const whereHints = {
  '--server': '--server must be the address of server.listen_addr in mcr.toml',
  '--grpc': '--grpc must be the address of server.grpc_addr in mcr.toml',
};

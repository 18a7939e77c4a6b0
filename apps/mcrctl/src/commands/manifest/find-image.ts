import { type Digest, isDigest, type RepositoryName } from '@mcr/core';
import type { Client } from '../../api/client.ts';
import { CliError, usageError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { type ImageReference, parseImageReference, parseRepository } from '../../cli/repository-argument.ts';

/** A repository and the beginning of a digest, without an algorithm that of sha256, as tables print it. */
const shortForm = /^(.+)@(?:(sha256|sha512):)?([0-9a-f]+)$/;
/** As many as the search of the registry needs. */
const leastLength = 6;
/** The most that one search returns. */
const maxHits = 50;

/**
 * Parses `repository:tag` or `repository@digest`, of which the digest may be its first six or more characters, with or without
 * `sha256:`. Throws a CliError if these name no manifest of the repository, or several.
 */
export async function findImage(client: Client, text: string): Promise<ImageReference> {
  const [, name = '', algorithm = 'sha256', hex = ''] = shortForm.exec(text) ?? [];
  if (hex === '' || isDigest(`${algorithm}:${hex}`)) return parseImageReference(text, client.server);
  const repository = parseRepository(name, client.server);
  if (hex.length < leastLength) {
    throw usageError(`"${hex}" is too short for a digest`, `give its first ${leastLength} characters, or more of them`);
  }
  const [found, ...others] = await findDigests(client, repository, `${algorithm}:${hex}`);
  if (others.length > 0) {
    throw usageError(`several manifests of ${repository} begin with ${hex}`, 'give more characters of the digest');
  }
  if (found !== undefined) return { repository, reference: found };
  throw new CliError(`${repository} has no manifest that begins with ${hex}`, {
    hint: `mcrctl manifest list ${repository} shows its manifests`,
    exitCode: exitCodes.notFound,
  });
}

/** By an index of the registry; through its list where that finds too many in other repositories, or is not allowed. */
async function findDigests(client: Client, repository: RepositoryName, prefix: string): Promise<readonly Digest[]> {
  const found = await search(client, repository, prefix);
  if (found !== undefined) return found;
  const matches: Digest[] = [];
  const about = { to: `list the manifests of ${repository}` };
  const pages = client.pages('registry.listManifests', { repository }, about, ({ manifests }) => manifests);
  for await (const page of pages) {
    matches.push(...page.map(({ digest }) => digest as Digest).filter((digest) => digest.startsWith(prefix)));
    if (matches.length > 1) break;
  }
  return matches;
}

async function search(
  client: Client,
  repository: RepositoryName,
  prefix: string,
): Promise<readonly Digest[] | undefined> {
  try {
    const input = { query: `${repository}@${prefix}`, limit: maxHits };
    const { hits } = await client.call('registry.search', input, { to: 'find the digest' });
    const manifests = hits.filter(({ kind }) => kind === 'manifest');
    const own = manifests.filter((hit) => hit.repository === repository).map(({ digest }) => digest as Digest);
    return own.length > 1 || (own.length === 1 && manifests.length < maxHits) ? own : undefined;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === exitCodes.denied) return undefined;
    throw error;
  }
}

import { type Digest, isRepositoryName, parseReference, type RepositoryName } from '@mcr/core';
import { usageError } from './errors.ts';

/** The positional argument of commands on a repository. */
export const repositoryArgument = {
  repository: { describe: 'Name, such as team/app', complete: 'repository' },
} as const;

/** A repository, and a tag or digest in it. */
export interface ImageReference {
  readonly repository: RepositoryName;
  /** A tag or a digest. */
  readonly reference: string;
}

/** Parses a repository name, with or without the host of the registry. Throws a usage error. */
export function parseRepository(text: string, server: string): RepositoryName {
  const host = `${new URL(server).host}/`;
  const name = text.startsWith(host) ? text.slice(host.length) : text;
  if (isRepositoryName(name)) return name;
  throw usageError(
    `invalid repository name "${text}"`,
    'use a name such as team/app; mcrctl repo list shows the names',
  );
}

/** Parses `repository:tag` or `repository@digest`, as container clients write them. Throws a usage error. */
export function parseImageReference(text: string, server: string): ImageReference {
  const [, name = '', digest, tag] = /^(.+?)(?:@(.*:.*)|:([^:/@]+))?$/.exec(text) ?? [];
  const reference = tag ?? digest;
  if (reference === undefined) throw usageError(`"${text}" has no tag`, `add one, as in ${text}:latest`);
  try {
    parseReference(reference);
  } catch (error) {
    throw usageError(
      `invalid reference "${text}": ${(error as Error).message}`,
      'use team/app:tag or team/app@sha256:…',
    );
  }
  return { repository: parseRepository(name, server), reference };
}

/** Whether a reference is a digest. */
export function isDigestReference(reference: string): reference is Digest {
  return reference.includes(':');
}

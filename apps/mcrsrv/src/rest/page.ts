import { nextLink } from '@mcr/core';
import type { RestAnswer } from './route.ts';

/** A page as JSON, with a Link to the next one where there is more. */
export function pageAnswer(
  body: unknown,
  next: { readonly path: string; readonly query: Readonly<Record<string, string | number | undefined>> } | false,
): RestAnswer {
  return { status: 200, body, ...(next && { headers: { Link: nextLink(next.path, next.query) } }) };
}

/** The page that a query asks for. */
export function pageOf({ n, last }: { readonly n: number; readonly last?: string | undefined }): {
  readonly limit: number;
  readonly after?: string;
} {
  return { limit: n, ...(last !== undefined && { after: last }) };
}

/** The path of a list in a repository, for a Link. The name is raw: what follows it says where it ends. */
export function repositoryPath(name: string, list: 'tags' | 'manifests'): string {
  return `/v1/repositories/${name}/${list}`;
}

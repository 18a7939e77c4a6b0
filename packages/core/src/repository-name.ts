import { RegistryError } from './errors.ts';

declare const nameBrand: unique symbol;

/** A validated repository name. */
export type RepositoryName = string & { readonly [nameBrand]: true };

/**
 * distribution-spec "Pulling manifests": many clients limit `host:port/name` to 255 characters. They know how long the
 * host is, so here the name may use all of them.
 */
export const maxRepositoryNameLength = 255;

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const grammar = new RegExp(`^${component}(?:/${component})*$`);
const onlyComponent = new RegExp(`^${component}$`);

/** Whether `text` is a repository name (distribution-spec, "Pulling manifests"). */
export function isRepositoryName(text: string): text is RepositoryName {
  return text.length <= maxRepositoryNameLength && grammar.test(text);
}

/** Whether `text` may stand between the slashes of a repository name. */
export function isPathComponent(text: string): boolean {
  return onlyComponent.test(text);
}

/** Parses a repository name; throws `NAME_INVALID`. */
export function parseRepositoryName(text: string): RepositoryName {
  if (isRepositoryName(text)) return text;
  throw new RegistryError(
    'NAME_INVALID',
    `The repository name must be lower-case words joined by '.', '_', '-' and '/', at most ${maxRepositoryNameLength} characters`,
    { detail: { name: text.slice(0, 300) } },
  );
}

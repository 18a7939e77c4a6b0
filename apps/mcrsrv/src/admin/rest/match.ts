import type { Operation } from '../operation.ts';

/** The operation that a request meets, with the fields that its path gives. */
export interface Match {
  readonly operation: Operation;
  readonly words: ReadonlyMap<string, string>;
}

interface Route {
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/**
 * Finds operations by verb and path. Where a template has `**`, a name with slashes works percent-encoded, as one segment,
 * and raw; the former goes first. Of those that match a raw name, the one with the longest end behind the name wins.
 */
export class RouteTable {
  readonly #routes = new Map<string, readonly Route[]>();

  constructor(operations: readonly Operation[]) {
    const verbs = Map.groupBy(operations, ({ options }) => options.http.verb);
    for (const [verb, of] of verbs) {
      const byEnd = of.toSorted((a, b) => endOf(b).length - endOf(a).length);
      this.#routes.set(verb, [...byEnd.map((it) => route(it, '[^/]+')), ...byEnd.map((it) => route(it, '.+'))]);
    }
  }

  /** `undefined` for a path that no operation has with this verb. HEAD is GET without the body. */
  find(method: string, path: string): Match | undefined {
    for (const { operation, pattern, names } of this.#routes.get(method === 'HEAD' ? 'GET' : method) ?? []) {
      const found = pattern.exec(path);
      if (found === null) continue;
      const words = names.map((name, at) => [name, decoded(found[at + 1] ?? '')] as const);
      return { operation, words: new Map(words) };
    }
    return undefined;
  }
}

/** What stands behind the name of a repository. */
function endOf({ options }: Operation): string {
  return options.http.path.split('=**}').at(1) ?? '';
}

function route(operation: Operation, name: string): Route {
  const names: string[] = [];
  const parts = operation.options.http.path.split(/(\{[^{}]+\})/).map((part) => {
    const [, field, glob] = /^\{(\w+)(=\*\*)?\}$/.exec(part) ?? [];
    if (field === undefined) return RegExp.escape(part);
    names.push(field);
    return glob === undefined ? '([^/]+)' : `(${name})`;
  });
  return { operation, names, pattern: new RegExp(`^${parts.join('')}$`) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

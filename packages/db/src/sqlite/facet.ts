import { RegistryError } from '@mcr/core';
import type { Connection } from './connection/connection.ts';
import { isDamage, translateError } from './connection/errors.ts';
import { untilUnlocked } from './connection/until-unlocked.ts';

/** What the facets of a store in SQLite have in common: one connection, and operations that are bound to it. */
export abstract class SqliteFacet {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * An operation as a method: it is prepared when it is first called, since all at once are a tenth of a start; what it
   * wrote is durable when it resolves, unless it is {@link unsynced}; and no driver error leaves it untranslated. What a
   * read remembers is had without the steps that are there for writes and for waiting.
   */
  protected operation<Input extends unknown[], Result>(
    prepare: ((connection: Connection) => MayBeRemembered<Input, Result>) & MayBeUnsynced,
  ): (...input: Input) => Promise<Result> {
    const connection = this.#connection;
    let run: ReturnType<typeof prepare> | undefined;
    return async (...input) => {
      try {
        const known = knownTo(run, input);
        if (known !== undefined) return known;
        const { commits } = connection.log;
        const result = await untilUnlocked(async () => {
          run ??= prepare(connection);
          const prepared = run;
          return await connection.callOnce(input[0], () => prepared(...input));
        });
        if (prepare.isUnsynced !== true && connection.log.commits !== commits) await connection.log.durable();
        return result;
      } catch (error) {
        if (isDamage(error)) connection.noteDamage(error);
        throw connection.sqlite.open ? translateError(error) : closed(error);
      }
    };
  }
}

function closed(cause: unknown): RegistryError {
  return new RegistryError('UNAVAILABLE', 'The metadata store is closed', { cause });
}

/** What a read remembers; nothing when that cannot be found out, which the read itself reports. */
function knownTo<Input extends unknown[], Result>(
  read: MayBeRemembered<Input, Result> | undefined,
  input: Input,
): Result | undefined {
  try {
    return read?.known?.(...input);
  } catch {
    return undefined;
  }
}

interface MayBeRemembered<Input extends unknown[], Result> {
  (...input: Input): Promise<Result> | Result;
  /** See `RememberedRead`. */
  readonly known?: (...input: Input) => Result | undefined;
}

interface MayBeUnsynced {
  readonly isUnsynced?: true;
}

/**
 * An operation that resolves once it has committed. What it wrote outlives the process; a power failure may undo it until the
 * next commit that is synced, as every operation that relies on it makes one.
 */
export function unsynced<Prepare extends (connection: Connection) => unknown>(
  prepare: Prepare,
): Prepare & { readonly isUnsynced: true } {
  return Object.assign(prepare, { isUnsynced: true } as const);
}

/** A method of a facet, to be bound to a connection; binding prepares the statements that it runs often. */
export type Operation<Method extends (...input: never[]) => Promise<unknown>> = (
  connection: Connection,
) => (...input: Parameters<Method>) => ReturnType<Method> | Awaited<ReturnType<Method>>;

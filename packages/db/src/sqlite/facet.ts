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
   * wrote is durable when it resolves; and no driver error leaves it untranslated.
   */
  protected operation<Input extends unknown[], Result>(
    prepare: (connection: Connection) => (...input: Input) => Promise<Result> | Result,
  ): (...input: Input) => Promise<Result> {
    const connection = this.#connection;
    let run: ReturnType<typeof prepare> | undefined;
    return async (...input) => {
      try {
        const { commits } = connection.log;
        const result = await untilUnlocked(async () => {
          run ??= prepare(connection);
          const prepared = run;
          return await connection.callOnce(input[0], () => prepared(...input));
        });
        if (connection.log.commits !== commits) await connection.log.durable();
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

/** A method of a facet, to be bound to a connection; binding prepares the statements that it runs often. */
export type Operation<Method extends (...input: never[]) => Promise<unknown>> = (
  connection: Connection,
) => (...input: Parameters<Method>) => ReturnType<Method> | Awaited<ReturnType<Method>>;

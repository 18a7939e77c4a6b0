import type { Connection } from './connection/connection.ts';
import { translateError } from './connection/errors.ts';

/** What the facets of a store in PostgreSQL have in common: one connection, and operations that are bound to it. */
export abstract class PostgresFacet {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** An operation as a method, which no error of the driver leaves untranslated. */
  protected operation<Input extends unknown[], Result>(
    prepare: (connection: Connection) => (...input: Input) => Promise<Result>,
  ): (...input: Input) => Promise<Result> {
    const run = prepare(this.#connection);
    return async (...input) => {
      try {
        return await run(...input);
      } catch (error) {
        throw translateError(error);
      }
    };
  }
}

/** A method of a facet, to be bound to a connection. */
export type Operation<Method extends (...input: never[]) => Promise<unknown>> = (
  connection: Connection,
) => (...input: Parameters<Method>) => ReturnType<Method>;

import type { Connection } from './connection/connection.ts';

/** A method of a facet, to be bound to a connection; binding prepares the statements that it runs often. */
export type Operation<Method extends (...input: never[]) => Promise<unknown>> = (
  connection: Connection,
) => (...input: Parameters<Method>) => ReturnType<Method> | Awaited<ReturnType<Method>>;

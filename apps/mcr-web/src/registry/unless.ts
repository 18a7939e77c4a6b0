import { Code, ConnectError } from '@connectrpc/connect';

/** For a failed call: returns the result of `instead` if the error has one of the codes; otherwise rethrows it. */
export function unless<T>(codes: readonly Code[], instead: (error: ConnectError) => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ConnectError && codes.includes(error.code)) return instead(error);
    throw error;
  };
}

/** Whether the object was already deleted: the form was submitted twice, and what it requested is done. */
export async function wasGone(deletion: Promise<unknown>): Promise<boolean> {
  return await deletion.then(
    () => false,
    unless([Code.NotFound], () => true),
  );
}

/** Error codes for invalid values of a form. */
const formProblems = [Code.InvalidArgument, Code.AlreadyExists, Code.FailedPrecondition];

/** The registry's message about an invalid form, or an error of another code too; `undefined` if the change succeeded. */
export async function problemOf(change: Promise<unknown>, also: readonly Code[] = []): Promise<string | undefined> {
  return await change.then(
    () => undefined,
    unless([...formProblems, ...also], ({ rawMessage }) => `${rawMessage}.`),
  );
}

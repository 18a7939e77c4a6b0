import { Code, ConnectError } from '@connectrpc/connect';

/** What to do with a call that failed: for one of the codes, go on with what `instead` makes of it; else throw it on. */
export function unless<T>(codes: readonly Code[], instead: (error: ConnectError) => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ConnectError && codes.includes(error.code)) return instead(error);
    throw error;
  };
}

/** Whether what was to be deleted is not there: the form was sent twice, and what it asked for is done all the same. */
export async function wasGone(deletion: Promise<unknown>): Promise<boolean> {
  return await deletion.then(
    () => false,
    unless([Code.NotFound], () => true),
  );
}

/** With these codes the registry says that a form has to be filled in differently. */
const formProblems = [Code.InvalidArgument, Code.AlreadyExists, Code.FailedPrecondition];

/** What is wrong with a form, in the words of the registry; `undefined` when the change was made. */
export async function problemOf(change: Promise<unknown>): Promise<string | undefined> {
  return await change.then(
    () => undefined,
    unless(formProblems, ({ rawMessage }) => `${rawMessage}.`),
  );
}

import { StartError } from '@mcr/config';

/** Does a part of a start. Throws what goes wrong as a StartError that names the key of the configuration it is about. */
export async function opening<Result>(key: string, path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { message } = error as Error;
    const named = message.includes(path) ? message : `${JSON.stringify(path)}: ${message}`;
    throw new StartError([{ key, message: named }], { cause: error });
  }
}

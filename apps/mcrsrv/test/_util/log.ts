import type { TestServer } from './server.ts';

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** Every line that was logged so far. */
export function logOf({ logLines }: TestServer): readonly LogLine[] {
  return logLines.map((line) => JSON.parse(line) as LogLine);
}

/** What the registry could not foresee or do: none of it is ever a client's doing. */
export function failuresOf(server: TestServer): readonly LogLine[] {
  return logOf(server).filter(({ level }) => level === 'error' || level === 'fatal');
}

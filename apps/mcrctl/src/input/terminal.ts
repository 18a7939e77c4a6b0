import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Prompts for one line on stderr; hidden input is not shown. `undefined` after Ctrl-C or Ctrl-D, or the signal. */
export async function askTerminal(question: string, hidden: boolean, signal: AbortSignal): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = hidden ? nowhere : process.stderr;
  const options = { terminal: true, historySize: 0, prompt: question, signal };
  const lines = createInterface({ input: process.stdin, output, ...options });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  lines.once('line', resolve);
  lines.once('SIGINT', () => lines.close());
  lines.once('close', () => resolve(undefined));
  if (hidden) process.stderr.write(question);
  lines.prompt();
  const reply = await promise;
  lines.close();
  if (hidden || reply === undefined) process.stderr.write('\n');
  return reply;
}

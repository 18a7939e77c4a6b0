import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliError } from '@mcr/cli';
import { say } from './output.ts';

/** A new password: from standard input with `--password-stdin`, else typed twice without echo. */
export async function readNewPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) throw new CliError('There is no terminal to ask for the password; use --password-stdin');
  const password = await askHidden('New password: ');
  if (password !== (await askHidden('Repeat it: ')))
    throw new CliError('The two passwords differ; nothing was changed');
  return password;
}

/** Asks that `name` be typed before something is destroyed. Throws when it is not, or when stdin is not a terminal. */
export async function confirmByName(what: string, name: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new CliError(`This would ${what}; repeat it with --yes to do so without being asked`);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await prompt.question(`This will ${what}. Type ${name} to go on: `);
  prompt.close();
  if (reply.trim() !== name) throw new CliError('Not confirmed; nothing was changed');
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  const reply = await prompt.question('');
  prompt.close();
  say('');
  return reply;
}

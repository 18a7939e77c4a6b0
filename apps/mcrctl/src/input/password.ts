import { CliError, cancelled, usageError } from '../cli/errors.ts';
import type { Input } from '../cli/io.ts';

/** Reads the password of an account: typed without echo, or all input of a pipe. Throws a CliError. */
export async function readPassword(stdin: Input, account: string): Promise<string> {
  if (!stdin.isTerminal) return readPipe(stdin);
  return await askHidden(stdin, `Password of ${account}: `);
}

/** Reads a new password: typed twice without echo, or all input of a pipe. Throws a CliError. */
export async function readNewPassword(stdin: Input, account: string): Promise<string> {
  if (!stdin.isTerminal) return readPipe(stdin);
  const password = await askHidden(stdin, `New password of ${account}: `);
  if (password === (await askHidden(stdin, 'Repeat it: '))) return password;
  throw new CliError('the passwords do not match; nothing was changed', { hint: 'run the command again' });
}

/** Reads the current and a new password: typed without echo, or the two lines of a pipe. Throws a CliError. */
export async function readPasswordChange(stdin: Input, account: string): Promise<{ current: string; next: string }> {
  if (stdin.isTerminal) {
    const current = await askHidden(stdin, `Current password of ${account}: `);
    return { current, next: await readNewPassword(stdin, account) };
  }
  const [current = '', next = '', ...rest] = (await stdin.readAll()).replace(/\r?\n$/, '').split(/\r?\n/);
  if (current !== '' && next !== '' && rest.length === 0) return { current, next };
  throw usageError('stdin must have two lines', 'pipe in the current password, and the new one on a line of its own');
}

async function readPipe(stdin: Input): Promise<string> {
  const password = (await stdin.readAll()).replace(/\r?\n$/, '');
  if (password !== '') return password;
  throw usageError('no password on stdin', 'run it in a terminal, or pipe the password in: … < password-file');
}

async function askHidden(stdin: Input, question: string): Promise<string> {
  const reply = await stdin.ask(question, true);
  if (reply === undefined) throw cancelled();
  return reply;
}

import { type ExitCode, type Io, main, type Output } from '../../src/index.ts';

/** What a run left behind. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the process would stand. */
export interface Surroundings {
  readonly env?: Io['env'];
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs one command line in this process, with a terminal of 80 columns or a pipe at both outputs. */
export async function runMcrctl(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = {}, terminal = false, signal = new AbortController().signal } = surroundings;
  const written = { stdout: '', stderr: '' };
  const capture = (name: keyof typeof written): Output => ({
    write: (text) => {
      written[name] += text;
    },
    isTerminal: terminal,
    columns: 80,
  });
  const exitCode = await main(argv, { stdout: capture('stdout'), stderr: capture('stderr'), env, signal });
  return { exitCode, ...written };
}

import type { Clock } from '@mcr/core';
import { type ExitCode } from '../../src/cli/exit-codes.ts';
import { type Input, type Io, type Output } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** What a run left behind. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the process would stand. */
export interface Surroundings {
  readonly env?: Io['env'];
  /** A terminal of 80 columns at both outputs and at the input, which then types `answers`; else pipes. */
  readonly terminal?: boolean;
  readonly columns?: number;
  /** What comes through the pipe. */
  readonly input?: string;
  /** What the person types, question by question; after that the person gives up. */
  readonly answers?: readonly string[];
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Sees each piece of stdout as it is written. */
  readonly onOutput?: (written: string) => void;
}

/** No configuration: what a test does not give does not exist. */
const nowhere = { XDG_CONFIG_HOME: '/nonexistent' };

/** Runs one command line in this process. */
export async function runMcrctl(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = nowhere, signal = new AbortController().signal, clock = { now: Date.now } } = surroundings;
  const { terminal = false, columns = 80, onOutput = () => {} } = surroundings;
  const written = { stdout: '', stderr: '' };
  const capture = (name: keyof typeof written): Output => ({
    write: (text) => {
      written[name] += typeof text === 'string' ? text : new TextDecoder().decode(text);
      if (name === 'stdout') onOutput(written.stdout);
    },
    isTerminal: terminal,
    columns,
  });
  const answers = [...(surroundings.answers ?? [])];
  const stdin: Input = {
    isTerminal: terminal,
    readAll: async () => surroundings.input ?? '',
    ask: async (question, hidden) => {
      const answer = answers.shift();
      written.stderr += `${question}${hidden ? '' : (answer ?? '')}\n`;
      return answer;
    },
  };
  const io = { stdin, stdout: capture('stdout'), stderr: capture('stderr'), env, clock, signal };
  return { exitCode: await main(argv, io), ...written };
}

/** Splits a command line at spaces; quotes keep words together. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

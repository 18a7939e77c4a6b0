import type { Clock } from '@mcr/core';
import type { Input, Io, Output } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** The result of a run. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of the process. */
export interface Surroundings {
  readonly env?: Io['env'];
  /** A terminal of 80 columns for input and output, into which `replies` are typed; otherwise pipes. */
  readonly terminal?: boolean;
  readonly columns?: number;
  /** At a terminal: whether stdout goes elsewhere. */
  readonly piped?: boolean;
  /** The input of the pipe. */
  readonly input?: string;
  /** The reply to each prompt; further prompts are cancelled. */
  readonly replies?: readonly string[];
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Called with each piece of stdout as it is written. */
  readonly onOutput?: (written: string) => void;
  /** The same of stderr. */
  readonly onMessage?: (written: string) => void;
}

/** No configuration: what a test does not provide does not exist. */
const nowhere = { XDG_CONFIG_HOME: '/nonexistent' };

/** Runs one command line in this process. */
export async function runMcrctl(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = nowhere, signal = new AbortController().signal, clock = { now: Date.now } } = surroundings;
  const { terminal = false, piped = false, columns = 80, onOutput = () => {}, onMessage = () => {} } = surroundings;
  const written = { stdout: '', stderr: '' };
  const capture = (name: keyof typeof written): Output => ({
    write: (text) => {
      written[name] += typeof text === 'string' ? text : new TextDecoder().decode(text);
      if (name === 'stdout') onOutput(written.stdout);
      else onMessage(written.stderr);
    },
    isTerminal: terminal && !(piped && name === 'stdout'),
    columns,
  });
  const replies = [...(surroundings.replies ?? [])];
  const stdin: Input = {
    isTerminal: terminal,
    readAll: async () => surroundings.input ?? '',
    ask: async (question, hidden) => {
      const reply = replies.shift();
      written.stderr += `${question}${hidden ? '' : (reply ?? '')}\n`;
      return reply;
    },
  };
  const io = { stdin, stdout: capture('stdout'), stderr: capture('stderr'), env, clock, signal };
  return { exitCode: await main(argv, io), ...written };
}

/** Splits a command line at spaces; quotes keep words together. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

import assert from 'node:assert/strict';
import type { OciResponse, ProcessResult, TestRegistry } from '@mcr/testkit';
import { untilTrue } from './until.ts';

/** One line of the table of faults. */
export interface Row {
  readonly fault: string;
  /** What was done to the registry. */
  readonly done: string;
  /** What its clients saw. */
  readonly responses: string;
  /** What it logged. */
  readonly log: string;
  /** What became of the process. */
  readonly process: string;
  /** What is there afterwards of all that had been acknowledged. */
  readonly acknowledged: string;
}

/** Takes down what a registry does under one fault. */
export class Observation {
  readonly #what: Pick<Row, 'fault' | 'done'>;
  readonly #responses: { readonly request: string; outcome: string }[] = [];
  /** The lines that were logged before; each has its own time. */
  readonly #before: ReadonlySet<string>;
  readonly #log: string[] = [];
  #process = '';
  #acknowledged = '';

  constructor(fault: string, done: string, registry: Pick<TestRegistry, 'log'>) {
    this.#what = { fault, done };
    this.#before = new Set(linesOf(registry));
  }

  /** Sends a request and notes its outcome: status and code, or that there was none. */
  async ask(request: string, send: () => Promise<OciResponse>): Promise<OciResponse | undefined> {
    const entry = { request, outcome: '' };
    this.#responses.push(entry);
    const response = await send().catch(() => undefined);
    entry.outcome = response === undefined ? 'connection closed' : outcomeOf(response);
    return response;
  }

  /** Notes an outcome that was seen in another way. */
  note(request: string, outcome: string): void {
    this.#responses.push({ request, outcome });
  }

  /** Waits for a line of the log that matches, or of what a command printed, and notes its level and words. */
  async logged(registry: Pick<TestRegistry, 'log' | 'directory'>, pattern: RegExp): Promise<void> {
    const find = () => linesOf(registry).find((line) => pattern.test(line) && !this.#before.has(line));
    await untilTrue(() => find() !== undefined, `a line ${pattern} in the log`);
    this.#log.push(withoutChance(wordsOf(find() ?? ''), registry.directory));
  }

  /** Notes that the process lives. */
  lives({ pid }: Pick<TestRegistry, 'pid'>): void {
    process.kill(pid, 0);
    this.#process = 'goes on';
  }

  /** Notes how the process ended. */
  ended({ code, signal }: Pick<ProcessResult, 'code' | 'signal'>, when = ''): void {
    assert.equal(signal, null, 'the process must end by itself');
    this.#process = `${when}exits with ${code}`;
  }

  /** Notes what is left of all that had been acknowledged, after an inspection. */
  kept(what: string): void {
    this.#acknowledged = what;
  }

  row(): Row {
    const outcomes = [...Map.groupBy(this.#responses, ({ outcome }) => outcome)];
    const responses = outcomes.map(([outcome, all]) => `${all.map(({ request }) => request).join(', ')}: ${outcome}`);
    assert.ok(responses.length > 0 && this.#process !== '' && this.#acknowledged !== '', 'the observation is complete');
    return {
      ...this.#what,
      responses: responses.join('; '),
      log: this.#log.join('; ') || 'nothing',
      process: this.#process,
      acknowledged: this.#acknowledged,
    };
  }
}

function linesOf({ log }: Pick<TestRegistry, 'log'>): string[] {
  return log().split('\n');
}

function outcomeOf(response: OciResponse): string {
  if (response.status < 400) return String(response.status);
  const json = response.header('content-type') === 'application/json' && response.body.length > 0;
  const code: unknown = json ? response.json().errors?.[0]?.code : undefined;
  return typeof code === 'string' ? `${response.status} ${code}` : String(response.status);
}

/** `error: request failed (why)` of a line in JSON; any other line as it is. */
function wordsOf(line: string): string {
  if (!line.startsWith('{')) return line;
  const { level, msg, err } = JSON.parse(line) as { level: string; msg: string; err?: { message: string } };
  const why = err?.message.split('\n', 1)[0];
  return `${level}: ${msg}${why === undefined ? '' : ` (${why})`}`;
}

/** The same in every run: no temporary directories, ports or names of objects, and digests only by their algorithm. */
function withoutChance(text: string, directory: string): string {
  return text
    .replaceAll(directory, '/srv/mcr')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')
    .replaceAll(/(?<=")[0-9a-f]{2}\/[0-9a-f-]{36}(?:\.\d+)?(?=")/g, '…')
    .replaceAll(/(?<=sha256[:/])([0-9a-f]{2}\/)?[0-9a-f]{64}(\.[0-9a-f]{12})?/g, '…');
}

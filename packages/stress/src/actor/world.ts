import type { OciResponse } from '@mcr/testkit';
import { EventCounts } from '../model/event-counts.ts';

/** What a request is about, and so what a kill may have interrupted. */
export type Phase =
  | 'starting an upload'
  | 'sending bytes'
  | 'sealing a blob'
  | 'mounting'
  | 'pushing a manifest'
  | 'deleting'
  | 'changing policy'
  | 'collecting garbage'
  | 'reading';

/** No answer came, since the server was killed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What all clients of a run share: counters, what must not have happened, and whether the server lives. */
export class World {
  readonly events = new EventCounts();
  /** What must not have happened, in words. */
  readonly violations: string[] = [];
  /** Digests of blobs whose bytes were damaged on purpose, and that no push is known to have healed. */
  readonly damaged = new Set<string>();
  /** What happened how often. */
  readonly counts = new Map<string, number>();
  /** Milliseconds for which an unreferenced blob is kept. */
  readonly gracePeriod: number;
  /** Milliseconds for which an idle upload is kept. */
  readonly uploadTtl: number;
  /** Set before the server is killed, unset once it is there again. */
  killed = false;
  operations = 0;
  acknowledged = 0;
  /** Called when a request begins, with its number. */
  onOperation: (n: number) => void = () => {};
  readonly #underWay = new Map<Phase, number>();

  constructor({ gracePeriod, uploadTtl }: { gracePeriod: number; uploadTtl: number }) {
    this.gracePeriod = gracePeriod;
    this.uploadTtl = uploadTtl;
  }

  /** What is being done right now. */
  get phases(): readonly Phase[] {
    return [...this.#underWay.keys()].filter((phase) => (this.#underWay.get(phase) ?? 0) > 0);
  }

  /** Sends a request. Throws `Interrupted` when the server dies over it; any other way to get no answer is a violation. */
  async request(phase: Phase, send: () => Promise<OciResponse>): Promise<OciResponse> {
    this.operations += 1;
    this.onOperation(this.operations);
    const answer = await this.during(phase, send);
    this.acknowledged += 1;
    if (answer.status >= 500) this.violate(`${phase} was answered with ${answer.status} ${answer.text()}`);
    return answer;
  }

  /** Marks a phase as under way for as long as the task takes. */
  async during<Result>(phase: Phase, task: () => Promise<Result>): Promise<Result> {
    this.#underWay.set(phase, (this.#underWay.get(phase) ?? 0) + 1);
    try {
      return await task();
    } catch (error) {
      if (!this.killed && !(error instanceof Interrupted)) this.violate(`${phase} got no answer: ${String(error)}`);
      throw new Interrupted(phase, { cause: error });
    } finally {
      this.#underWay.set(phase, (this.#underWay.get(phase) ?? 1) - 1);
    }
  }

  count(what: string, n = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + n);
  }

  violate(what: string): void {
    this.violations.push(what);
  }

  /** Whether the answer is one of these; anything else is a violation. */
  expect(what: string, answer: OciResponse, ...statuses: readonly number[]): boolean {
    if (statuses.includes(answer.status)) return true;
    this.violate(`${what} was answered with ${answer.status} ${answer.text().slice(0, 300)}`);
    return false;
  }
}

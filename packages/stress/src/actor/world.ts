import type { OciResponse } from '@mcr/testkit';
import { Deletions } from '../model/deletions.ts';
import { EventCounts } from '../model/event-counts.ts';
import type { Pushable } from '../model/ledger.ts';

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

/** No response came. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** How long the server keeps things, in milliseconds. */
export interface Times {
  /** For an unreferenced blob. */
  readonly gracePeriod: number;
  /** For an idle upload. */
  readonly uploadTtl: number;
}

/** How many recently deleted images are remembered, whose layers may be in deletion. */
const recent = 12;

/** Counters by name. */
export function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

/** What all clients of a run share: counters, what must not have happened, and whether the server lives. */
export class World implements Times {
  readonly events = new EventCounts();
  readonly deletions = new Deletions();
  /** What must not have happened, as text. */
  readonly violations: string[] = [];
  /** Digests of blobs whose bytes were damaged on purpose, and that no push is known to have repaired. */
  readonly damaged = new Set<string>();
  /** What happened how often. */
  readonly counts: Map<string, number>;
  readonly gracePeriod: number;
  readonly uploadTtl: number;
  /** Images whose manifests were deleted a short time ago. */
  deleted: readonly Pushable[] = [];
  /** Set before the server is killed, unset once it is there again. */
  killed = false;
  /** Whether requests may get no response, or 503: a server is killed while others go on, or what they need is disturbed. */
  mayInterrupt = false;
  /** Requests so far. */
  operations = 0;
  /** Called when a request begins, with its number. */
  onOperation: (n: number) => void = () => {};
  /** Around every request, to measure it. */
  around: (phase: Phase, send: () => Promise<OciResponse>) => Promise<OciResponse> = (_phase, send) => send();
  readonly #underWay = new Map<Phase, number>();

  constructor({ gracePeriod, uploadTtl }: Times, counts = new Map<string, number>()) {
    this.counts = counts;
    this.gracePeriod = gracePeriod;
    this.uploadTtl = uploadTtl;
  }

  /** What is being done right now. */
  get phases(): readonly Phase[] {
    return [...this.#underWay.keys()].filter((phase) => (this.#underWay.get(phase) ?? 0) > 0);
  }

  /** Sends a request. Throws `Interrupted` when it is unknown what was done: no response is a violation unless it may come to that. */
  async request(phase: Phase, send: () => Promise<OciResponse>): Promise<OciResponse> {
    this.operations += 1;
    this.count('requests');
    this.onOperation(this.operations);
    const response = await this.during(phase, () => this.around(phase, send));
    if (response.status === 503 && this.mayInterrupt) {
      this.count('unavailable');
      throw new Interrupted(phase);
    }
    this.count('acknowledged');
    if (response.status >= 500) this.violate(`the response to ${phase} was ${response.status} ${response.text()}`);
    return response;
  }

  /** Marks a phase as under way for as long as the task takes. */
  async during<Result>(phase: Phase, task: () => Promise<Result>): Promise<Result> {
    this.#underWay.set(phase, (this.#underWay.get(phase) ?? 0) + 1);
    try {
      return await task();
    } catch (error) {
      if (!this.killed && !this.mayInterrupt && !(error instanceof Interrupted))
        this.violate(`${phase} got no response: ${String(error)}`);
      throw new Interrupted(phase, { cause: error });
    } finally {
      this.#underWay.set(phase, (this.#underWay.get(phase) ?? 1) - 1);
    }
  }

  /** Images are pushed again while their layers are being collected. */
  rememberDeleted(...images: readonly Pushable[]): void {
    this.deleted = [...images.filter(({ blobs }) => blobs.length > 0), ...this.deleted].slice(0, recent);
  }

  count(what: string, n = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + n);
  }

  violate(what: string): void {
    this.violations.push(what);
  }

  /** Whether the response has one of these statuses; anything else is a violation. */
  expect(what: string, response: OciResponse, ...statuses: readonly number[]): boolean {
    if (statuses.includes(response.status)) return true;
    this.violate(`the response to ${what} was ${response.status} ${response.text().slice(0, 400)}`);
    return false;
  }
}

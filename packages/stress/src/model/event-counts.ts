import type { AuditEventType } from '@mcr/core';

/** Counters by kind of event and repository, the latter empty for events that concern none. */
export type EventTable = ReadonlyMap<string, number>;

/** The key of a counter. */
export function eventKey(type: AuditEventType, repository = ''): string {
  return `${type} ${repository}`.trimEnd();
}

/** How many events the changes so far must have left in the audit log, and how many more may be there. */
export class EventCounts {
  readonly #certain = new Map<string, number>();
  readonly #open = new Map<string, number>();

  /** A change was requested that leaves such an event. */
  sent(key: string): void {
    add(this.#open, key, 1);
  }

  /** It was acknowledged. */
  accepted(key: string): void {
    add(this.#open, key, -1);
    add(this.#certain, key, 1);
  }

  /** It was rejected. */
  rejected(key: string): void {
    add(this.#open, key, -1);
  }

  /** Records what the log has; returns what is wrong with it, as text. */
  observe(found: EventTable): string[] {
    const problems: string[] = [];
    for (const key of new Set([...this.#certain.keys(), ...this.#open.keys(), ...found.keys()])) {
      const least = this.#certain.get(key) ?? 0;
      const most = least + (this.#open.get(key) ?? 0);
      const count = found.get(key) ?? 0;
      if (count < least || count > most) problems.push(`${count} events "${key}", expected ${least} to ${most}`);
      this.#certain.set(key, count);
    }
    this.#open.clear();
    return problems;
  }
}

function add(counters: Map<string, number>, key: string, n: number): void {
  counters.set(key, (counters.get(key) ?? 0) + n);
}

import { PerformanceObserver, performance } from 'node:perf_hooks';

/** A time for which the event loop did nothing else, in milliseconds. */
export interface Stall {
  /** Since the watch began. */
  readonly at: number;
  readonly wall: number;
  /** Time of the processor in it: the rest was spent waiting, for the disk or for other processes. */
  readonly cpu: number;
  /** Time in it for which V8 collected its own garbage. */
  readonly heap: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Milliseconds between two looks. */
const interval = 1;

/** Says of each long stall what it was spent on, which `monitorEventLoopDelay` does not. */
export class StallWatch implements Disposable {
  readonly #begun = performance.now();
  readonly #found: (Span & { readonly cpu: number })[] = [];
  readonly #pauses: Span[] = [];
  readonly #observer = new PerformanceObserver((list) => {
    for (const { startTime: start, duration } of list.getEntries()) {
      this.#pauses.push({ start, end: start + duration });
    }
  });
  readonly #timer: NodeJS.Timeout;

  /** Watches for stalls of more than so many milliseconds. */
  constructor(longerThan: number) {
    this.#observer.observe({ entryTypes: ['gc'] });
    let last = { at: performance.now(), cpu: process.threadCpuUsage() };
    this.#timer = setInterval(() => {
      const { user, system } = process.threadCpuUsage(last.cpu);
      const span = { start: last.at, end: performance.now(), cpu: (user + system) / 1000 };
      if (span.end - span.start - interval > longerThan) this.#found.push(span);
      last = { at: span.end, cpu: process.threadCpuUsage() };
    }, interval);
  }

  stalls(): readonly Stall[] {
    return this.#found.map(({ start, end, cpu }) => {
      const pauses = this.#pauses.filter((pause) => pause.start < end && pause.end > start);
      const heap = pauses.reduce((sum, pause) => sum + pause.end - pause.start, 0);
      return { at: Math.round(start - this.#begun), wall: tenths(end - start), cpu: tenths(cpu), heap: tenths(heap) };
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#observer.disconnect();
  }
}

/** Rounded, to be read. */
export function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

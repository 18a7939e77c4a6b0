import { performance } from 'node:perf_hooks';
import { intercepted } from '@mcr/db/testing';

interface Times {
  count: number;
  /** Milliseconds. */
  total: number;
  longest: number;
  /** Of the processor, without waiting for the disk or for other processes. */
  cpu: number;
  longestCpu: number;
}

/** For how long the calls to a store hold the event loop, method by method. */
export class CallTimes {
  readonly #times = new Map<string, Times>();

  reset(): void {
    this.#times.clear();
  }

  /** The same store, with each call measured up to where it gives the event loop back. */
  over<T extends object>(store: T): T {
    return intercepted(store, (name, call) => this.#measure(name, call));
  }

  /** The methods that took most of the processor. */
  slowest(count: number): Record<string, string> {
    const sorted = [...this.#times].sort(([, left], [, right]) => right.cpu - left.cpu).slice(0, count);
    return Object.fromEntries(sorted.map(([name, times]) => [name, describe(times)]));
  }

  #measure(name: string, call: () => unknown): unknown {
    const cpu = process.threadCpuUsage();
    const begun = performance.now();
    try {
      return call();
    } finally {
      const took = performance.now() - begun;
      const { user, system } = process.threadCpuUsage(cpu);
      const times = this.#times.get(name) ?? { count: 0, total: 0, longest: 0, cpu: 0, longestCpu: 0 };
      times.count += 1;
      times.total += took;
      times.longest = Math.max(times.longest, took);
      times.cpu += (user + system) / 1000;
      times.longestCpu = Math.max(times.longestCpu, (user + system) / 1000);
      this.#times.set(name, times);
    }
  }
}

function describe({ count, total, longest, cpu, longestCpu }: Times): string {
  const [each, eachCpu] = [total, cpu].map((sum) => (sum / count).toFixed(2));
  return `${count} calls, ${each} each, longest ${longest.toFixed(1)}; CPU ${cpu.toFixed(0)}, ${eachCpu} each, longest ${longestCpu.toFixed(1)}`;
}

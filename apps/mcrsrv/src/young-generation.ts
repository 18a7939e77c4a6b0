import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes of both halves of the young generation that are enough; V8 begins with half of them. */
const enough = 4 << 20;
/** Milliseconds between two looks whether V8 has taken some of them back, as it does while little happens. */
const lookMs = 10_000;

/**
 * Lets V8's young generation grow to 4 MiB, once there is something to collect. In 2 MiB, which is what a start leaves it, it is
 * collected twice as often, each time with what every connection and request in flight holds: a sixth of the CPU of a manifest GET.
 * What V8 would do by itself, up to 64 MiB under many connections, is memory for no gain (`process-settings.ts`). V8 is stopped in the
 * turn after a collection, so it may have doubled once more by then. Disposing it ends that.
 */
export function growYoungGeneration(): Disposable {
  let isGrowing = false;
  const stop = (): void => {
    isGrowing = false;
    observer.disconnect();
    setFlagsFromString('--semi-space-growth-factor=1');
  };
  const observer = new PerformanceObserver(() => {
    if (youngBytes() >= enough) stop();
  });
  const grow = (): void => {
    if (isGrowing || youngBytes() >= enough) return;
    isGrowing = true;
    setFlagsFromString('--semi-space-growth-factor=2');
    observer.observe({ entryTypes: ['gc'] });
  };
  grow();
  const timer = setInterval(grow, lookMs).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      stop();
    },
  };
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? enough;
}

/** What to undo when the process ends before its owner could. */
const undos = new Set<() => void>();

/**
 * Has `undo` called, the latest first, when this process exits or is interrupted. It must be synchronous. The returned
 * function forgets it again, for when the work was undone in the ordinary way.
 */
export function onAbruptEnd(undo: () => void): () => void {
  watch();
  undos.add(undo);
  return () => void undos.delete(undo);
}

let watching = false;

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', undoAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const end = (): void => {
      // A server in this process reloads its certificate at this signal, and keeps running.
      if (signal === 'SIGHUP' && process.listenerCount(signal) > 1) return;
      undoAll();
      // Without this listener the signal now does what it would have done.
      process.off(signal, end);
      process.kill(process.pid, signal);
    };
    process.on(signal, end);
  }
}

function undoAll(): void {
  for (const undo of [...undos].reverse()) {
    undos.delete(undo);
    try {
      undo();
    } catch {
      // The others have to run as well, and the error can no longer be reported.
    }
  }
}

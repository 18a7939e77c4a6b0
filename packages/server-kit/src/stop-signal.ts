const ignore = (): void => {};

/**
 * Aborted at the first SIGINT or SIGTERM; later ones change nothing, since the shutdown that they ask for is under way.
 * SIGHUP, which has certificates read again, ends nothing where there are none to read.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  return stop.signal;
}

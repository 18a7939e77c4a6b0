const ignore = (): void => {};

/**
 * Aborted by the first SIGINT or SIGTERM; later ones are ignored, since the shutdown is already in progress. SIGHUP,
 * which reloads certificates, never ends the process, even if there are none to reload.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  return stop.signal;
}

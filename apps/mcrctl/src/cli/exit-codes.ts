/** Exit codes of the process, which scripts rely on. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notLoggedIn: 4,
  denied: 5,
  cancelled: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Their descriptions, for the help and the documentation. */
export const exitCodeMeanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.failed, 'failed'],
  [exitCodes.usage, 'invalid usage'],
  [exitCodes.notFound, 'not found'],
  [exitCodes.notLoggedIn, 'not logged in'],
  [exitCodes.denied, 'denied'],
  [exitCodes.cancelled, 'cancelled'],
];

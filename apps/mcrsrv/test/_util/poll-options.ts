/** For `expect.poll`: looks often, and gives up only on what never happens, also on a busy machine. */
export const pollOptions = { interval: 20, timeout: 20_000 } as const;

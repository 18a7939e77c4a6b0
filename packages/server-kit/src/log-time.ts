const secondMs = 1_000;

/** The beginning of the last time that was formatted, up to its second. */
let second = Number.NaN;
let upToSecond = '';

/** The member `time` of a log line, in ISO 8601 (RFC 3339) with milliseconds. A date is formatted once a second. */
export function timeMember(now = Date.now()): string {
  const current = Math.floor(now / secondMs);
  if (current !== second) {
    second = current;
    upToSecond = new Date(current * secondMs).toISOString().slice(0, -'000Z'.length);
  }
  return `,"time":"${upToSecond}${String(now - current * secondMs).padStart(3, '0')}Z"`;
}

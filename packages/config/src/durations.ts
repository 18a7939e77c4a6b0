const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const durationPattern = /^(?<count>\d+)(?<unit>ms|s|m|h|d)$/;

/** Parses `500ms`, `30s`, `15m`, `24h`, `7d` or `0` to milliseconds; undefined if invalid. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = durationPattern.exec(text)?.groups;
  if (!parts) return undefined;
  const milliseconds = Number(parts.count) * (unitMilliseconds[parts.unit ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** A part of a file system: bytes, or percent of its size. */
export type Share = { readonly bytes: number } | { readonly percent: number };

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const sharePattern = /^(?<count>\d+)(?<unit>%|[kMGT]?B|[KMGT]iB)$/;

/** Parses `512MiB`, `2GB` or `0` to bytes; undefined if invalid. */
export function parseSize(text: string): number | undefined {
  const share = parseShare(text);
  return share !== undefined && 'bytes' in share ? share.bytes : undefined;
}

/** Parses `512MiB`, `2GB`, `5%` or `0`; undefined if invalid or more than 100 %. */
export function parseShare(text: string): Share | undefined {
  if (text === '0') return { bytes: 0 };
  const parts = sharePattern.exec(text)?.groups;
  if (!parts) return undefined;
  const count = Number(parts.count);
  if (parts.unit === '%') return count < 100 ? { percent: count } : undefined;
  const bytes = count * (unitBytes[parts.unit ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? { bytes } : undefined;
}

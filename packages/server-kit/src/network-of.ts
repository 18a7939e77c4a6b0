import { isIPv6 } from 'node:net';

/** The groups that all addresses of an IPv6 customer share, 64 bits; clients choose the rest at will. */
const networkGroups = 4;
const groups = 8;

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 address, such as `2001:db8:0:1`. */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A trailing IPv4 address is two groups, and never in the first half.
  const missing = groups - before.length - after.length - (plain.includes('.') ? 1 : 0);
  const all = tail === undefined ? before : [...before, ...Array<string>(missing).fill('0'), ...after];
  return all.slice(0, networkGroups).map(withoutZeros).join(':');
}

function withoutZeros(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}

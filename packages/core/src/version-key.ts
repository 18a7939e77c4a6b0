/**
 * A text by which names sort bytewise in the order of the versions they contain: `1.9` before `1.10`, and `1.0.0-rc.1`
 * before `1.0.0` (https://semver.org/#spec-item-11). Case is ignored. Stores keep these keys, so they must not change
 * without a migration.
 */
export function versionKey(name: string): string {
  return `${name.toLowerCase().replace(preRelease, '$1 ').replaceAll(/\d+/g, sortable)}!`;
}

/** Three numbers and a hyphen; the end of a name sorts between the space that replaces it and everything else. */
const preRelease = /^(v?\d+\.\d+\.\d+)-/;

/** A number prefixed with a character for its length, so that longer ones are greater. */
function sortable(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === '0') start += 1;
  const significant = digits.slice(start);
  return String.fromCharCode('0'.charCodeAt(0) + significant.length) + significant;
}

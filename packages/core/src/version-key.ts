/**
 * A text that sorts names by the versions in them when it is compared bytewise: `1.9` before `1.10`, and `1.0.0-rc.1`
 * before `1.0.0` (https://semver.org/#spec-item-11). Upper and lower case are the same. What a name's key is must not
 * change without a migration, since stores keep it.
 */
export function versionKey(name: string): string {
  return `${name.toLowerCase().replace(preRelease, '$1 ').replaceAll(/\d+/g, sortable)}!`;
}

/** Three numbers and a hyphen; the end of a name sorts between the space that takes its place and all else. */
const preRelease = /^(v?\d+\.\d+\.\d+)-/;

/** A number behind a character for its length: a longer one is greater. */
function sortable(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === '0') start += 1;
  const significant = digits.slice(start);
  return String.fromCharCode('0'.charCodeAt(0) + significant.length) + significant;
}

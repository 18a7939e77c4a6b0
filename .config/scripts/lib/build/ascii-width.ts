/**
 * Stands for `string-width`: yargs measures its help with that, ours is in ASCII, and loading the tables of Unicode
 * takes longer than all the rest of a start of mcrctl.
 */
export default function asciiWidth(text: string): number {
  return text.length;
}

/**
 * Stands for `string-width` in mcrctl: yargs measures its help with that, mcrctl writes its own, and loading the tables
 * of Unicode takes longer than all the rest of a start.
 */
export default function asciiWidth(text: string): number {
  return text.length;
}

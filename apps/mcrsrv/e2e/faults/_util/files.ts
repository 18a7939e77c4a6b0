import { join } from 'node:path';
import type { TestRegistry } from '@mcr/testkit';

/** Where the bytes of a sealed blob lie. */
export function fileOf({ directory }: Pick<TestRegistry, 'directory'>, digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return join(directory, 'layers', algorithm, hex.slice(0, 2), hex);
}

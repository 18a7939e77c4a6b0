import { blobFile, type TestRegistry } from '@mcr/testkit';

/** Where the bytes of a sealed blob lie. */
export function fileOf({ directory }: Pick<TestRegistry, 'directory'>, digest: string): string {
  return blobFile(directory, digest);
}

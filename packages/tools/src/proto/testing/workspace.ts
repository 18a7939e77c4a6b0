import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt';
import { root } from '../../paths.ts';
import { readDescriptors } from '../descriptors.ts';

/** The descriptors of the repository's protos and of further ones, by file name such as `mcr/v1/fixture.proto`. */
export async function descriptorsWith(files: Readonly<Record<string, string>>): Promise<FileDescriptorSet> {
  const folder = mkdtempSync(join(tmpdir(), 'mcr-protos-'));
  try {
    for (const name of ['proto', 'third_party', 'buf.yaml'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, 'proto', name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
    }
    return await readDescriptors(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DescExtension,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
  type JsonObject,
  type Message,
  toJson,
} from '@bufbuild/protobuf';
import { type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { root } from '../paths.ts';
import { run } from '../run.ts';

/** The descriptors of all protos of a workspace of buf, with their comments and options. Throws with what buf prints. */
export async function readDescriptors(workspace: string = root): Promise<FileDescriptorSet> {
  const folder = mkdtempSync(join(tmpdir(), 'mcr-api-'));
  try {
    const image = join(folder, 'image.binpb');
    const { code, output } = await run('buf', ['build', workspace, '--output', image], { capture: true });
    if (code !== 0) throw new Error(output);
    return fromBinary(FileDescriptorSetSchema, readFileSync(image));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every method of the admin API, in the order of the protos. */
export function methodsOf(registry: FileRegistry): readonly DescMethod[] {
  const services = [...registry].filter((it) => it.kind === 'service' && it.file.proto.package === 'mcr.v1');
  return services.flatMap((service) => (service.kind === 'service' ? service.methods : []));
}

/** An option by the name of its extension, as protobuf's JSON has it; `undefined` where it is not set. */
export function optionOf(
  registry: FileRegistry,
  described: Parameters<typeof hasOption>[0],
  name: string,
): JsonObject | string | boolean | number[] | undefined {
  const extension: DescExtension | undefined = registry.getExtension(name);
  if (extension === undefined) throw new Error(`no proto defines the option ${name}`);
  if (!hasOption(described, extension)) return undefined;
  const value: unknown = getOption(described, extension);
  if (extension.message === undefined) return value as string | boolean | number[];
  return toJson(extension.message, value as Message, { registry }) as JsonObject;
}

/** The comment of something in a proto, its lines joined. */
export function commentOf(file: DescMethod['parent']['file'], path: readonly number[]): string {
  const location = file.proto.sourceCodeInfo?.location.find((it) => it.path.join() === path.join());
  return (location?.leadingComments ?? '').trim().replaceAll(/\n ?/g, ' ');
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, type DescMethod, type FileRegistry } from '@bufbuild/protobuf';
import type { AdminApi } from '@mcr/rpc';
import { methodsOf, readDescriptors } from './descriptors.ts';
import { messageRules } from './field-rules.ts';
import { methodOptions } from './method-options.ts';
import { openApi } from './open-api.ts';

const heading = '// Made of proto/ by `npm run proto`. Do not edit.\n';

/** Writes `api.ts` and `openapi.ts` of packages/rpc/src/gen into a folder. Throws when the protos contradict themselves. */
export async function writeApi(folder: string): Promise<void> {
  const registry = createFileRegistry(await readDescriptors());
  const api = describeApi(registry);
  const types = "import type { AdminApi } from '../api.ts';\n\n";
  writeFileSync(join(folder, 'api.ts'), `${heading}${types}export const adminApi: AdminApi = ${lines(api)};\n`);
  writeFileSync(
    join(folder, 'openapi.ts'),
    `${heading}\nexport const openApi: Readonly<Record<string, unknown>> = ${lines(openApi(methodsOf(registry), api))};\n`,
  );
}

/** What the options of the protos say. Throws, with the method or the field, for what the server could not keep. */
export function describeApi(registry: FileRegistry): AdminApi {
  const methods = methodsOf(registry).map((it) => [it, methodOptions(registry, it)] as const);
  const places = new Map<string, DescMethod>();
  for (const [method, { http }] of methods) {
    const place = `${http.verb} ${http.path.replaceAll(/\{[^}]+\}/g, '{}')}`;
    const other = places.get(place);
    if (other !== undefined) throw new Error(`${method.toString()} and ${other.toString()} are both bound to ${place}`);
    places.set(place, method);
  }
  const messages = [...registry].filter((it) => it.kind === 'message' && it.file.proto.package === 'mcr.v1');
  const rules = messages.map((it) => [it.typeName, it.kind === 'message' ? messageRules(registry, it) : undefined]);
  return {
    methods: Object.fromEntries(methods.map(([it, options]) => [`${it.parent.typeName}.${it.name}`, options])),
    rules: Object.fromEntries(rules.filter(([, it]) => it !== undefined)),
  };
}

/** JSON with a line for each entry of the second level: short, and a diff shows what changed. */
function lines(value: object): string {
  const blocks = Object.entries(value).map(([name, block]: [string, unknown]) => {
    if (typeof block !== 'object' || block === null) return `  ${JSON.stringify(name)}: ${JSON.stringify(block)}`;
    const entries = Object.entries(block).map(([key, it]) => `    ${JSON.stringify(key)}: ${JSON.stringify(it)}`);
    return `  ${JSON.stringify(name)}: {\n${entries.join(',\n')}\n  }`;
  });
  return `{\n${blocks.join(',\n')}\n}`;
}

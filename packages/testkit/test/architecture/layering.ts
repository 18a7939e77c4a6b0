import { importTable, testTools } from './import-table.ts';
import { importsOf, packageOf, relativeTarget } from './imports.ts';
import { isGenerated, isTestCode, type SourceFile, workspaceOf } from './source-files.ts';

/** Imports that leave the lines of the import table. */
export function importViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const problem = judge(file.path, specifier);
      return problem === undefined ? [] : [`${file.path} imports ${specifier}: ${problem}`];
    }),
  );
}

function judge(path: string, specifier: string): string | undefined {
  const workspace = workspaceOf(path);
  const target = relativeTarget(path, specifier);
  if (target !== undefined) {
    if (!target.startsWith(`${workspace}/`)) return 'a relative import stays in its package';
    return !isTestCode(path) && isTestCode(target) ? 'production code does not use test code' : undefined;
  }
  if (/^(mcrsrv|mcr-web|mcrctl)\//.test(specifier)) return 'of an app there is only what it exports';
  if (isTestCode(path) || testTools.includes(workspace)) return undefined;
  if (/^@mcr\/[^/]+\/testing/.test(specifier)) return 'production code does not use test code';
  return isAllowed(workspace, specifier) ? undefined : `${workspace} may not use ${packageOf(specifier)}`;
}

function isAllowed(workspace: string, specifier: string): boolean {
  const allowed = importTable[workspace] ?? [];
  const wanted = packageOf(specifier);
  return allowed.includes(wanted) || (wanted.startsWith('node:') && allowed.includes('node:*'));
}

const transports = ['oci', 'rpc'];
/** What turns results and errors into HTTP. */
const httpFolders = /^apps\/mcrsrv\/src\/(?:http|errors)\//;
const transportFolder = (path: string): string | undefined =>
  transports.find((transport) => path.startsWith(`apps/mcrsrv/src/${transport}/`));

/** Inside mcrsrv: transports use services and never a store or each other; services know nothing of transports. */
export function serverLayerViolations(files: readonly SourceFile[]): string[] {
  const production = files.filter(({ path }) => !isTestCode(path) && !isGenerated(path));
  return production.flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const problem = judgeLayer(file.path, specifier);
      return problem === undefined ? [] : [`${file.path} imports ${specifier}: ${problem}`];
    }),
  );
}

function judgeLayer(path: string, specifier: string): string | undefined {
  const transport = transportFolder(path);
  const other = transportFolder(relativeTarget(path, specifier) ?? '');
  if (transport !== undefined) {
    if (other !== undefined && other !== transport) return 'transports do not use each other';
    return /^@mcr\/(db|storage)$/.test(packageOf(specifier)) ? 'transports use services, not stores' : undefined;
  }
  if (!path.startsWith('apps/mcrsrv/src/services/')) return undefined;
  if (other !== undefined) return 'services do not use transports';
  if (httpFolders.test(relativeTarget(path, specifier) ?? '')) return 'services know no HTTP';
  return /^(hono|@hono\/.*|@connectrpc\/.*)$/.test(packageOf(specifier)) ? 'services know no framework' : undefined;
}

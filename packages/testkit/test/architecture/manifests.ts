import { importTable, testTools } from './import-table.ts';
import { importsOf, packageOf } from './imports.ts';
import { isTestCode, type SourceFile, workspaceOf } from './source-files.ts';

type Dependencies = Record<string, string>;
type Manifest = {
  dependencies?: Dependencies;
  devDependencies?: Dependencies;
  optionalDependencies?: Dependencies;
  peerDependencies?: Dependencies;
};

const parse = ({ text }: SourceFile): Manifest => JSON.parse(text) as Manifest;

/** Versions that are written in a package.json instead of the catalog. */
export function versionViolations(manifests: readonly SourceFile[]): string[] {
  return manifests.flatMap((file) => {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = parse(file);
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies });
    return all
      .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
      .map(([name, version]) => `${file.path} wants ${name} ${version}: write "catalog:" or "workspace:*"`);
  });
}

/** Runtime dependencies that the import table does not allow. */
export function dependencyViolations(manifests: readonly SourceFile[]): string[] {
  return manifests.flatMap((file) => {
    const workspace = workspaceOf(file.path);
    if (testTools.includes(workspace)) return [];
    const allowed = importTable[workspace] ?? [];
    const foreign = Object.keys(parse(file).dependencies ?? {}).filter((name) => !allowed.includes(name));
    return foreign.map((name) => `${file.path} depends on ${name}: ${workspace} may not use it`);
  });
}

/** Packages that production code imports without naming them as runtime dependencies. */
export function undeclaredDependencies(manifests: readonly SourceFile[], sources: readonly SourceFile[]): string[] {
  const declared = new Map(manifests.map((file) => [workspaceOf(file.path), parse(file).dependencies ?? {}]));
  const production = sources.filter(({ path }) => !isTestCode(path));
  return production.flatMap((file) => {
    const packages = importsOf(file).filter((specifier) => !/^(\.|node:)/.test(specifier));
    const missing = packages.map(packageOf).filter((name) => !(name in (declared.get(workspaceOf(file.path)) ?? {})));
    return missing.map((name) => `${file.path} imports ${name}: name it in dependencies`);
  });
}

import type { SourceFile } from './source-files.ts';

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

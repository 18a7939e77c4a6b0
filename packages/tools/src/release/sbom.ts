import { createHash } from 'node:crypto';
import { apps } from '../paths.ts';
import { run } from '../run.ts';

/** What a bill of materials is about. */
export type SbomOptions = {
  /** What the release is called. */
  version: string;
  /** What it was made of; empty where that is not known. */
  commit: string;
  /** Seconds since the epoch. */
  date: number;
  /** Packages whose code is in the release; whatever else is installed with them is left out. */
  packages: ReadonlySet<string>;
  /** The version of the Node that is part of the release, if one is. */
  node?: string;
};

type Component = { 'bom-ref': string; name: string; group?: string };
type Dependency = { ref: string; dependsOn?: string[] };
type Bom = {
  serialNumber: string;
  metadata: { timestamp: string; component: object };
  components: Component[];
  dependencies: Dependency[];
};

/**
 * The bill of materials (CycloneDX JSON) of what the apps are made of, as `pnpm sbom` writes it, brought into an order
 * and given a date and serial number that the same sources always have.
 */
export async function createSbom({ version, commit, date, packages, node }: SbomOptions): Promise<string> {
  const filters = apps.flatMap((app) => ['--filter', app]);
  const format = ['--sbom-format', 'cyclonedx', '--sbom-spec-version', '1.6', '--sbom-type', 'application'];
  const { code, output, stdout } = await run('pnpm', [...filters, 'sbom', '--prod', ...format], { capture: true });
  if (code !== 0) throw new Error(`pnpm sbom failed\n${output}`);
  const bom = JSON.parse(stdout) as Bom;

  const ref = `pkg:generic/mcr@${encodeURIComponent(version)}`;
  const contained = bom.components.filter((component) => packages.has(fullName(component)));
  const components = [...contained, ...(node === undefined ? [] : [nodeComponent(node)])].toSorted(by('bom-ref'));
  const known = new Set(components.map((component) => component['bom-ref']));
  const dependencies = bom.dependencies
    .filter((dependency) => known.has(dependency.ref))
    .map(({ ref: from, dependsOn = [] }) => ({
      ref: from,
      dependsOn: dependsOn.filter((to) => known.has(to)).toSorted(),
    }));
  bom.metadata.timestamp = new Date(date * 1_000).toISOString();
  bom.metadata.component = {
    type: 'application',
    name: 'mcr',
    version,
    purl: ref,
    'bom-ref': ref,
    ...pedigree(commit),
  };
  bom.components = components;
  bom.dependencies = [
    { ref, dependsOn: components.map((component) => component['bom-ref']) },
    ...dependencies.toSorted(by('ref')),
  ];
  bom.serialNumber = '';
  bom.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bom))}`;
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** https://cyclonedx.org/docs/1.6/json/#metadata_component_pedigree_commits */
function pedigree(commit: string): object {
  return commit === '' ? {} : { pedigree: { commits: [{ uid: commit }] } };
}

function fullName({ group, name }: Component): string {
  return group === undefined ? name : `${group}/${name}`;
}

function nodeComponent(version: string): Component & { type: string; version: string; purl: string } {
  const purl = `pkg:generic/node@${version}`;
  return { type: 'platform', 'bom-ref': purl, name: 'node', version, purl };
}

function by<K extends string>(key: K): (a: Record<K, string>, b: Record<K, string>) => number {
  return (a, b) => (a[key] < b[key] ? -1 : Number(a[key] > b[key]));
}

/** A UUID made of a hash (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

import type { JsonObject } from '@mcr/core';
import { counted } from '../ui/format.ts';
import { type Document, known, maxRows, textOf } from './document.ts';
import { fieldOf, objectsOf } from './json.ts';

/** A part of an image: name, version, licenses. */
type Part = readonly [name: string, version: string, license: string];

const heads = ['Name', 'Version', 'License'];

/** https://spdx.github.io/spdx-spec/v2.3/ */
export function readSpdx(value: unknown): Document | undefined {
  const version = fieldOf(value, 'spdxVersion');
  if (typeof version !== 'string') return undefined;
  const parts = objectsOf(fieldOf(value, 'packages')).map(spdxPart);
  const creators = fieldOf(value, 'creationInfo', 'creators');
  const names = Array.isArray(creators) ? creators.slice(0, 5).map(textOf) : [];
  return sbom(textOf(version).replace('SPDX-', 'SPDX '), parts, [
    ['Describes', textOf(fieldOf(value, 'name'))],
    ['Created', textOf(fieldOf(value, 'creationInfo', 'created'))],
    ['Created by', textOf(names.map((name) => name.replace('Tool: ', '')).join(', '))],
  ]);
}

function spdxPart(part: JsonObject): Part {
  const licenses = [fieldOf(part, 'licenseConcluded'), fieldOf(part, 'licenseDeclared')].map(textOf);
  const license = licenses.find((text) => text !== '' && text !== 'NOASSERTION') ?? '';
  return [textOf(fieldOf(part, 'name')), textOf(fieldOf(part, 'versionInfo')), license];
}

/** https://cyclonedx.org/docs/1.6/json/ */
export function readCycloneDx(value: unknown): Document | undefined {
  if (fieldOf(value, 'bomFormat') !== 'CycloneDX') return undefined;
  const tools = fieldOf(value, 'metadata', 'tools');
  const list = Array.isArray(tools) ? tools : fieldOf(tools, 'components');
  const names = objectsOf(list)
    .slice(0, 5)
    .map((tool) => `${textOf(fieldOf(tool, 'name'))} ${textOf(fieldOf(tool, 'version'))}`.trim());
  const parts = objectsOf(fieldOf(value, 'components')).map(component);
  return sbom(`CycloneDX ${textOf(fieldOf(value, 'specVersion'))}`.trim(), parts, [
    ['Describes', textOf(fieldOf(value, 'metadata', 'component', 'name'))],
    ['Created', textOf(fieldOf(value, 'metadata', 'timestamp'))],
    ['Created by', textOf(names.join(', '))],
  ]);
}

function component(part: JsonObject): Part {
  const licenses = objectsOf(fieldOf(part, 'licenses'))
    .slice(0, 5)
    .map((one) =>
      [fieldOf(one, 'license', 'id'), fieldOf(one, 'license', 'name'), fieldOf(one, 'expression')].map(textOf),
    )
    .map((texts) => texts.find((text) => text !== '') ?? '');
  const license = textOf(licenses.filter((text) => text !== '').join(', '));
  return [textOf(fieldOf(part, 'name')), textOf(fieldOf(part, 'version')), license];
}

function sbom(title: string, parts: readonly Part[], facts: Document['facts']): Document {
  const licenses = new Map<string, number>();
  for (const [, , license] of parts) if (license !== '') licenses.set(license, (licenses.get(license) ?? 0) + 1);
  const most = [...licenses].toSorted((one, other) => other[1] - one[1]).slice(0, 5);
  const rows = parts.slice(0, maxRows);
  return {
    title,
    facts: known([
      ...facts,
      ['Packages', counted(parts.length, 'package')],
      ['Licenses', most.map(([license, number]) => `${license} (${number})`).join(', ')],
    ]),
    table: { title: 'Packages', heads, rows, total: parts.length },
    packages: new Map(parts.map(([name, version]) => [name, version])),
  };
}

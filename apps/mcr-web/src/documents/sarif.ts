import type { JsonObject } from '@mcr/core';
import { counted } from '../ui/format.ts';
import { type Document, known, maxRows, textOf } from './document.ts';
import { fieldOf, objectsOf } from './json.ts';

const severities = ['critical', 'high', 'medium', 'low', 'note'] as const;
type Severity = (typeof severities)[number];

/** Levels of results without a score, and the scores from which severities begin, as scanners and CVSS 3 have them. */
const levels: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low', none: 'note' };
const scores: readonly (readonly [from: number, Severity])[] = [
  [9, 'critical'],
  [7, 'high'],
  [4, 'medium'],
  [0.1, 'low'],
];

interface Finding {
  readonly severity: Severity;
  readonly cells: readonly string[];
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function readSarif(value: unknown): Document | undefined {
  const runs = fieldOf(value, 'runs');
  if (!Array.isArray(runs) || !textOf(fieldOf(value, 'version')).startsWith('2.')) return undefined;
  const all = objectsOf(runs).flatMap(findingsOf);
  const sorted = severities.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  const counts = severities
    .map((severity) => [severity, all.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, number]) => number > 0);
  const tools = objectsOf(runs)
    .slice(0, 5)
    .map(
      (run) => `${textOf(fieldOf(run, 'tool', 'driver', 'name'))} ${textOf(fieldOf(run, 'tool', 'driver', 'version'))}`,
    );
  return {
    title: `SARIF ${textOf(fieldOf(value, 'version'))}`,
    facts: known([
      ['Tool', textOf(tools.map((tool) => tool.trim()).join(', '))],
      ['Findings', all.length === 0 ? 'none' : counted(all.length, 'finding')],
      ['Severity', counts.map(([severity, number]) => `${number} ${severity}`).join(', ')],
    ]),
    table: {
      title: 'Findings',
      heads: ['Severity', 'Rule', 'Message', 'Place'],
      rows: sorted.slice(0, maxRows).map(({ cells }) => cells),
      total: all.length,
    },
  };
}

function findingsOf(run: JsonObject): readonly Finding[] {
  const rules = new Map(
    objectsOf(fieldOf(run, 'tool', 'driver', 'rules')).map((rule) => [
      fieldOf(rule, 'id'),
      Number(fieldOf(rule, 'properties', 'security-severity')),
    ]),
  );
  return objectsOf(fieldOf(run, 'results')).map((result) => {
    const severity = severityOf(rules.get(fieldOf(result, 'ruleId')), textOf(fieldOf(result, 'level')));
    const [place] = objectsOf(fieldOf(result, 'locations'));
    const cells = [
      severity,
      textOf(fieldOf(result, 'ruleId')),
      textOf(fieldOf(result, 'message', 'text')),
      textOf(fieldOf(place, 'physicalLocation', 'artifactLocation', 'uri')),
    ];
    return { severity, cells };
  });
}

function severityOf(score: number | undefined, level: string): Severity {
  const scored = scores.find(([from]) => score !== undefined && score >= from)?.[1];
  if (scored !== undefined) return scored;
  return Object.hasOwn(levels, level) ? (levels[level] ?? 'medium') : 'medium';
}

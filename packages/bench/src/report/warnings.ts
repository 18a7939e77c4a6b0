import { isQuiet, quietLoadPerCore } from './busyness.ts';
import type { Conditions, StaticConditions } from './result.ts';

/** Of the time of all cores; more makes wall time a matter of luck. */
const bearableSteal = 0.02;

/** Fewer rounds than this do not show what varies. */
const enoughRounds = 3;

/** What a reader must know before relying on any figure. */
export function warningsOf(it: Conditions): readonly string[] {
  const busy = !isQuiet(it.start.load, it.cores) && [
    `The machine was busy: its load at the start was ${it.start.load.toFixed(2)}, and more than ` +
      `${(quietLoadPerCore * it.cores).toFixed(1)} makes figures useless`,
  ];
  const stolen = stealOf(it) > bearableSteal && [`The host gave ${percent(stealOf(it))} of the CPU time to others`];
  const few = it.rounds < enoughRounds && [
    `There ${it.rounds === 1 ? 'was 1 round' : `were ${it.rounds} rounds`}: fewer than ${enoughRounds} do not show what varies`,
  ];
  const volatile = it.disk.fileSystem === 'tmpfs' && ['The data were in memory, where fsync costs nothing'];
  return [...objectionsTo(it), ...(few || []), ...(busy || []), ...(stolen || []), ...(volatile || [])];
}

/** Why a run may not become a page of the documentation. */
export function objectionsTo({ commit, contenders, scale, only, beside = [] }: StaticConditions): readonly string[] {
  const mcr = contenders.find(({ name }) => name === 'mcr')?.version;
  const objections: string[] = [];
  if (scale !== 'full') objections.push(`At the scale "${scale}" sizes are small, and figures mean little`);
  if (only !== '') objections.push(`Only what has "${only}" in its name was measured`);
  if (beside.length > 0) objections.push(`Other builds of MCR were measured beside it: ${beside.join(', ')}`);
  if (commit === 'unknown' || commit.endsWith('-dirty'))
    objections.push(`The commit is ${commit}: what was measured cannot be checked out`);
  if (mcr === undefined || !isOf(mcr, commit))
    objections.push(`The server that was measured is ${mcr}, and the checkout ${commit}`);
  return objections;
}

/** Whether a version, such as `0.2.0-dev.3+g622f66e`, names this commit; either abbreviation may be the longer one. */
function isOf(version: string, commit: string): boolean {
  const isChanged = (text: string): boolean => text.endsWith('dirty');
  const [described = ''] = commit.split('-dirty');
  const [, built = version] = /(?:^|\+g)([0-9a-f]{7,})(?:.dirty)?$/.exec(version) ?? [];
  if (isChanged(version) && !isChanged(commit)) return false;
  return built.startsWith(described) || described.startsWith(built);
}

/** The share of the time of all cores that the host took away during the run. */
export function stealOf({ start, end, minutes, cores }: Conditions): number {
  return (end.stolenSeconds - start.stolenSeconds) / (minutes * 60 * cores);
}

/** A share as text. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

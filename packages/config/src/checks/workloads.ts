import type { ConfigProblem } from '../errors.ts';
import type { ClaimCondition } from '../schema/claims.ts';
import type { WorkloadSection } from '../schema/workload.ts';

/** Claims that name an owner, a repository or a subject, with the segments that have to be literal to tell owners apart. */
const identifyingClaims: Readonly<Record<string, number>> = {
  // repo:OWNER/…, project_path:GROUP/…, system:serviceaccount:…
  sub: 2,
  repository: 1,
  repository_owner: 1,
  project_path: 1,
  namespace_path: 1,
};
/** Ids, which only a value without stars can name. */
const idClaims: ReadonlySet<string> = new Set([
  'repository_id',
  'repository_owner_id',
  'project_id',
  'namespace_id',
  'kubernetes.io namespace',
  'kubernetes.io serviceaccount name',
  'kubernetes.io serviceaccount uid',
]);

/**
 * Rejects workloads that every user of their issuer could be: GitHub's, for one, signs the tokens of all the world's
 * repositories.
 */
export function checkWorkloads(workloads: readonly WorkloadSection[]): ConfigProblem[] {
  return workloads.flatMap(({ name, conditions }) => {
    if (conditions.some(isIdentifying)) return [];
    const message =
      'must name an owner, a repository or a subject, since others use the same issuer; add for example repository_owner_id = "1234", or sub = "repo:acme/app:ref:refs/heads/main"';
    return [{ key: `workload.${name}.conditions`, message }];
  });
}

function isIdentifying({ claim, anyOf }: ClaimCondition): boolean {
  const name = claim.join(' ');
  const literal = identifyingClaims[name];
  if (literal !== undefined) return anyOf.every((text) => beginsLiterally(text, literal));
  return idClaims.has(name) && anyOf.every((text) => !text.includes('*'));
}

/** A text without stars is exact, however few segments it has. */
function beginsLiterally(text: string, count: number): boolean {
  if (!text.includes('*')) return true;
  const segments = text.split(/[/:]/);
  return (
    segments.length > count && segments.slice(0, count).every((segment) => segment !== '' && !segment.includes('*'))
  );
}

import type { Identity } from '../facets/identities.ts';

/** An owner of tokens as it is on record. */
export interface OwnerRow {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly signedInAt: number;
  readonly blocked: boolean;
}

/** An owner of tokens that MCIAS keeps, as a person. When it signed in first is not on record. */
export function identityOfOwner({ id, username, roles, signedInAt, blocked }: OwnerRow): Identity {
  return { id, provider: 'mcias', subject: id, username, roles, blocked, createdAt: signedInAt, signedInAt };
}

/** Two lists by name as one. */
export function mergedByName(people: readonly Identity[], owners: readonly OwnerRow[], limit: number): Identity[] {
  const all = [...people, ...owners.map(identityOfOwner)];
  return all
    .sort((one, other) => Buffer.compare(Buffer.from(one.username), Buffer.from(other.username)))
    .slice(0, limit);
}

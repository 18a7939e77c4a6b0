import { type Caller, isAdminCaller } from '../../services/caller.ts';

/** Names of who pulled, among what is known of a manifest or a tag. */
interface Pullers {
  readonly lastPulledBy?: string;
  readonly imagePulledBy?: string;
}

/** Leaves out who pulled, unless the caller may read that: what others do is in the audit log, which is for admins. */
export function nameless<Facts extends Pullers>(caller: Caller, facts: Facts): Facts | Omit<Facts, keyof Pullers> {
  if (isAdminCaller(caller)) return facts;
  const { lastPulledBy: _, imagePulledBy: __, ...rest } = facts;
  return rest;
}

import { RegistryError } from '@mcr/core';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

const dayMs = 86_400_000;
const usualDays = 30;
const maxDays = 366;

/** How much happened on a day, in UTC. */
export interface ActivityDay {
  /** Its first moment, milliseconds since the epoch. */
  readonly start: number;
  readonly pushes: number;
  readonly pulls: number;
  readonly denials: number;
}

/** The last days, today included, oldest first; 0 means 30. Admin only. `PARAMETER_INVALID`. */
export async function getActivity(context: ServiceContext, caller: Caller, days: number): Promise<ActivityDay[]> {
  await requireAdmin(context, caller, 'read audit log');
  if (days < 0 || days > maxDays) throw new RegistryError('PARAMETER_INVALID', `days: must be from 0 to ${maxDays}`);
  await context.audit.flush();
  const length = days === 0 ? usualDays : days;
  const first = Math.floor(context.clock.now() / dayMs) - length + 1;
  const counts = new Map<string, number>();
  for (const { day, type, n } of await context.store.activity({ sinceDay: first })) counts.set(`${day} ${type}`, n);
  return Array.from({ length }, (_, at) => {
    const day = first + at;
    const of = (type: string) => counts.get(`${day} ${type}`) ?? 0;
    const [pushes, pulls, denials] = [of('manifest_pushed'), of('manifest_pulled'), of('policy_deny')];
    return { start: day * dayMs, pushes, pulls, denials };
  });
}

import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { operation } from '../operation.ts';

const dayMs = 86_400_000;
const usualDays = 30;

/** How much happened on each of the last days, in UTC, today included, oldest first; 0 means 30. */
export const getActivity = operation(AuditService.method.getActivity, async (services, _call, { days }) => {
  const { audit, clock, store } = services;
  await audit.flush();
  const length = days === 0 ? usualDays : days;
  const first = Math.floor(clock.now() / dayMs) - length + 1;
  const counts = new Map<string, number>();
  for (const { day, type, n } of await store.audit.activity({ sinceDay: first })) counts.set(`${day} ${type}`, n);
  const activity = Array.from({ length }, (_, at) => {
    const day = first + at;
    const of = (type: string) => counts.get(`${day} ${type}`) ?? 0;
    const [pushes, pulls, denials] = [of('manifest_pushed'), of('manifest_pulled'), of('policy_deny')];
    return { start: day * dayMs, pushes, pulls, denials };
  });
  return { days: activity };
});

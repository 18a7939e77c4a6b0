import { formatNumber } from './format.ts';
import { Rows } from './headlines.ts';
import type { Result } from './result.ts';

/** How large a machine has to be, by what was measured; lines without figures are left out. */
export function sizingOf(result: Result): readonly string[] {
  const rows = new Rows(result);
  const perCore = (workload: string, metric: string): string | undefined => {
    const ms = rows.value(workload, metric);
    return ms === undefined ? undefined : formatNumber(Math.round(1_000 / ms));
  };
  const pulls = perCore('small image pull with connection and login, 16 clients', 'CPU ms/image');
  const manifests = perCore('manifest GET by tag, 16 clients, keep-alive', 'CPU ms/request');
  const pushes = perCore('small image push, 10 clients', 'CPU ms/image');
  const idle = rows.value('idle after start', 'RSS MB');
  const peaks = ['pushes', 'pulls'].flatMap((it) => rows.value(`50 concurrent ${it} of 100 MiB`, 'peak RSS MB') ?? []);
  const push = rows.value('blob push 1 GiB, one PATCH', 'MiB/s');
  return [
    pulls && `CPU: a core of this machine serves ${pulls} pulls a second of small images, with connection and login`,
    manifests && `${manifests} manifests a second on kept connections take a core`,
    pushes && `${pushes} pushes of small images a second take a core`,
    idle && `Memory: ${formatNumber(idle)} MB at rest`,
    peaks.length > 0 && `${formatNumber(Math.max(...peaks))} MB at the peak of 50 concurrent transfers of 100 MiB`,
    push && `Disk: a single push of 1 GiB wrote ${formatNumber(push)} MiB/s; the bytes of each blob are kept once`,
  ].flatMap((line) => (line ? [`${line}.`] : []));
}

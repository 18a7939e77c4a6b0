import type { Result } from './result.ts';
import { clientRowsOf, type Row, ratioName, rowsOf, type Spread } from './summary.ts';

/** A workload that stands for many, and what the first sentences call it. */
export interface Headline {
  readonly workload: string;
  readonly title: string;
  readonly rate: string;
  readonly cpu: string;
}

const requests = { rate: 'requests/s', cpu: 'CPU ms/request' } as const;
const bytes = { rate: 'MiB/s', cpu: 'CPU ms/MiB' } as const;
const images = { rate: 'images/s', cpu: 'CPU ms/image' } as const;

/** What the page begins with; the rest is folded. */
export const headlines: readonly Headline[] = [
  { workload: 'manifest GET by tag, 16 clients, keep-alive', title: 'Manifests by tag, 16 clients', ...requests },
  {
    workload: 'manifest GET at random over 50,000 tags, 16 clients, keep-alive',
    title: 'Manifests at random over 50,000 tags, 16 clients',
    ...requests,
  },
  {
    workload: 'manifest HEAD by tag, 16 clients, one connection per request',
    title: 'Manifests with a connection for each request, 16 clients',
    ...requests,
  },
  { workload: 'blob pull 4 KiB, 16 clients', title: 'Blobs of 4 KiB, 16 clients', ...requests },
  { workload: 'blob pull 1 GiB, 1 client', title: 'A pull of 1 GiB', ...bytes },
  { workload: 'blob push 1 GiB, one PATCH', title: 'A push of 1 GiB', ...bytes },
  { workload: 'small image push, 10 clients', title: 'Pushes of small images, 10 clients', ...images },
  { workload: 'small image push, 50 clients', title: 'Pushes of small images, 50 clients', ...images },
  {
    workload: 'small image pull with connection and login, 16 clients',
    title: 'Pulls of small images with connection and login, 16 clients',
    ...images,
  },
];

/** What a process costs that does little or much, in the same table. */
export const footprints: readonly (readonly [workload: string, metric: string])[] = [
  ['start to ready', 'ms'],
  ['idle after start', 'RSS MB'],
  ['50 concurrent pushes of 100 MiB', 'peak RSS MB'],
  ['50 concurrent pulls of 100 MiB', 'peak RSS MB'],
];

/** The rows of a run among several contenders, by workload and metric. Growth has rows of the same names, on MCR alone. */
export class Rows {
  readonly #rows: readonly Row[];
  readonly #client: readonly Row[];

  constructor(result: Result) {
    const groups = result.groups.filter(({ contenders }) => contenders.includes('mcr'));
    this.#rows = groups.flatMap((group) => rowsOf(result, group));
    this.#client = groups.flatMap((group) => clientRowsOf(result, group));
  }

  /** `undefined` when it was not measured. */
  row(workload: string, metric: string): Row | undefined {
    return this.#rows.find((row) => row.workload === workload && row.metric === metric && row.values.has('mcr'));
  }

  /** The median of a contender. */
  value(workload: string, metric: string, contender = 'mcr'): number | undefined {
    return numberOf(this.row(workload, metric)?.values.get(contender));
  }

  /** The median of the ratios of each round. */
  ratio(workload: string, metric: string, subject: string, baseline: string): number | undefined {
    return numberOf(this.row(workload, metric)?.ratios.get(ratioName(subject, baseline)));
  }

  /** How many cores the load generator kept busy beside MCR. */
  clientCores(workload: string): Spread | undefined {
    return this.#client.find((row) => row.workload === workload && row.metric.endsWith(' cores'))?.values.get('mcr');
  }
}

function numberOf(spread: Spread | undefined): number | undefined {
  return spread === undefined || Number.isNaN(spread.median) ? undefined : spread.median;
}

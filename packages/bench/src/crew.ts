import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CrewTask, Order, Report, Transferred } from './crew-thread.ts';

/**
 * Clients on as many threads as the machine has cores, up to eight, where one thread would be the limit instead of the
 * server: it decrypts about as fast as a server encrypts, and a handshake costs Node's client more than the server.
 */
export class Crew implements AsyncDisposable {
  readonly #members: readonly Worker[];

  private constructor(members: readonly Worker[]) {
    this.#members = members;
  }

  /** Spreads the clients evenly over threads, and opens the connections that are kept. */
  static async open({ clients, ...task }: CrewTask, among: readonly Worker[] = threads()): Promise<Crew> {
    const members = among.slice(0, clients);
    const { host, port, ca } = task.address;
    const share = (index: number): number => Math.ceil((clients - index) / members.length);
    const orders = members.map(
      (_, i): Order => ({ verb: 'open', ...task, address: { host, port, ca }, clients: share(i) }),
    );
    await allCarriedOut(members, orders);
    return new Crew(members);
  }

  /** Each client does it again and again for some seconds, once at least. */
  async repeat(seconds: number): Promise<Transferred> {
    const reports = await allCarriedOut(this.#members, this.#sameOrder({ verb: 'repeat', seconds }));
    const sum = (part: keyof Transferred): number => reports.reduce((total, report) => total + report[part], 0);
    return { requests: sum('requests'), bodyBytes: sum('bodyBytes') };
  }

  /** Closes the connections; the threads stay, with what V8 has learned, for the next crew. */
  async [Symbol.asyncDispose](): Promise<void> {
    await allCarriedOut(this.#members, this.#sameOrder({ verb: 'close' }));
  }

  #sameOrder(order: Order): readonly Order[] {
    return this.#members.map(() => order);
  }
}

/** Enough for any server; each thread costs the time of its start. */
const mostThreads = 8;

let pool: readonly Worker[] | undefined;

function threads(): readonly Worker[] {
  pool ??= Array.from({ length: Math.min(availableParallelism(), mostThreads) }, newThread);
  return pool;
}

function newThread(): Worker {
  const worker = new Worker(new URL('./crew-thread.ts', import.meta.url));
  worker.unref();
  return worker;
}

/** The threads of one of several crews that work at the same time; each has one at least. */
export function crewThreads(crew: number, crews: number): readonly Worker[] {
  while (threads().length < crews) pool = [...threads(), newThread()];
  return threads().filter((_, at) => at % crews === crew);
}

/** Waits for all reports, so that none is left for the next orders, and throws when one is an error. */
async function allCarriedOut(members: readonly Worker[], orders: readonly Order[]): Promise<readonly Transferred[]> {
  const reports = await Promise.all(members.map((member, i) => carriedOut(member, orders[i]!)));
  return reports.map((report) => {
    if ('error' in report) throw new Error(report.error);
    return report;
  });
}

async function carriedOut(worker: Worker, order: Order): Promise<Report> {
  worker.ref();
  try {
    worker.postMessage(order);
    const [report] = (await once(worker, 'message')) as [Report];
    return report;
  } finally {
    worker.unref();
  }
}

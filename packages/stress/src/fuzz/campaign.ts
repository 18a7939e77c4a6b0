import { complaintsOf } from '../inspect/complaints.ts';
import { type Finding, runBatch, Tally } from './batch.ts';
import { prepareCanary } from './canary.ts';
import { inputAt } from './generate/input-at.ts';
import { leftoversOf } from './leftovers.ts';
import { Resources } from './resources.ts';
import { startTarget, type Target, type TargetOptions } from './target.ts';
import { Sender } from './wire/send.ts';

/** What to send, and for how long. */
export interface CampaignOptions extends TargetOptions {
  readonly seed: string;
  /** It ends with the first batch that comes to its end after so long. */
  readonly seconds: number;
  /** And with the first batch after so many, if that is earlier. */
  readonly inputs?: number;
  /** The only inputs to send, one after the other, instead of as many as the time allows. */
  readonly only?: readonly number[];
  /** Inputs after which the process should not grow any more. */
  readonly warmAfter?: number;
  /** Milliseconds that connections have to be closed in the end. */
  readonly settleMs?: number;
}

/** What was sent and seen. */
export interface Report {
  readonly seed: string;
  readonly seconds: number;
  readonly total: number;
  /** Inputs by kind, responses by class. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly responses: Readonly<Record<string, number>>;
  /** Rounds of well-formed requests in between, and the longest that the process worked before it responded to one. */
  readonly canaries: number;
  readonly longestWorkMs: number;
  readonly serverErrors: number;
  readonly crashes: number;
  readonly memory: Resources['memory'];
  readonly handles: Resources['handles'];
  readonly findings: readonly Partial<Finding>[];
}

const batchSize = 200;
const workers = 16;
const warmInputs = 3 * batchSize;
const usualSettleMs = 20_000;

/** Fuzzes a registry, or its web UI, until the time is over or something was found; whatever it finds is in the report. */
export async function fuzz(options: CampaignOptions): Promise<Report> {
  const { seed, seconds, only, inputs: most = Number.POSITIVE_INFINITY, warmAfter = warmInputs } = options;
  await using target = await startTarget(options);
  const inputs = new Tally();
  const responses = new Tally();
  const findings: Partial<Finding>[] = [];
  const resources = await Resources.of(target);
  const sender = new Sender(target.ports, target.registry.ca);
  const over = new AbortController();
  const canary = (await prepareCanary(target, seed))(over.signal);
  const alarm = new AbortController();
  const raise = () => alarm.abort();
  void canary.then(raise, raise);
  let crashes = 0;

  const send = async (from: number, count: number): Promise<void> => {
    const common = { seed, names: target.names, sender, inputs, responses };
    const { findings: found, suspects } = await runBatch({ ...common, from, count, workers });
    findings.push(...found);
    const { ended, what } = await failureOf(target);
    if (ended) crashes += 1;
    if (what === undefined || (found.length > 0 && crashes === 0)) return;
    findings.push(only === undefined ? await culprit(options, suspects, what) : { what });
  };

  if (only === undefined) {
    const end = performance.now() + seconds * 1_000;
    const goesOn = () => performance.now() < end && findings.length === 0 && !alarm.signal.aborted;
    for (let at = 0; at < most && goesOn(); at += batchSize) {
      await send(at, batchSize);
      if (at === warmAfter && crashes === 0) await resources.warm();
    }
  }
  for (const n of only ?? []) if (findings.length === 0) await send(n, 1);

  over.abort();
  const { rounds, longestWorkMs, violations } = await canary;
  if (crashes === 0) findings.push(...violations.map((what) => ({ what })));
  if (findings.length === 0) {
    const left = [...(await resources.problems(options.settleMs ?? usualSettleMs)), ...(await leftoversOf(target))];
    findings.push(...left.map((what) => ({ what })));
  }
  return {
    seed,
    seconds,
    total: inputs.total,
    inputs: inputs.counts,
    responses: responses.counts,
    canaries: rounds,
    longestWorkMs,
    serverErrors: responses.counts['5xx'] ?? 0,
    crashes,
    memory: resources.memory,
    handles: resources.handles,
    findings,
  };
}

interface Failure {
  readonly ended: boolean;
  /** What is wrong, as text; absent when nothing is. */
  readonly what?: string | undefined;
}

/** Whether the process has ended, and what it complained of. */
async function failureOf(target: Target): Promise<Failure> {
  if (await target.isAlive()) return { ended: false, what: complaintsOf(target)[0] };
  return { ended: true, what: `the process ended: ${target.log().slice(-2_000)}` };
}

/** Sends the suspects one by one to a fresh registry, until one of them does it again. */
async function culprit(options: CampaignOptions, suspects: readonly number[], what: string): Promise<Partial<Finding>> {
  await using target = await startTarget(options);
  const sender = new Sender(target.ports, target.registry.ca);
  for (const n of suspects) {
    const input = inputAt(options.seed, n, target.names);
    await sender.send(input);
    if ((await failureOf(target)).what !== undefined) return { n, input, what };
  }
  return { what };
}

import { type Findings, Notes } from './findings.ts';
import type { Contender, RunningPeer } from './peers/peer.ts';
import type { Scale } from './scale.ts';
import type { Group, Workload } from './workload.ts';

/** How to measure. */
export interface MeasureOptions {
  readonly scale: Scale;
  readonly rounds: number;
  /** Receives findings and failures. */
  readonly onLine: (line: string) => void;
}

interface Turn {
  readonly contender: Contender;
  readonly peer: RunningPeer;
}

/** Measures every workload of every group, the contenders taking turns, each started anew in each round. */
export async function measureAll(groups: readonly Group[], options: MeasureOptions): Promise<Findings> {
  const notes = new Notes(options.onLine);
  for (const group of groups) {
    try {
      for (let round = 0; round < options.rounds; round += 1) await measureRound(group, round, options.scale, notes);
    } finally {
      await group.dispose?.();
    }
  }
  return notes;
}

/**
 * One round of a group. All contenders run meanwhile, and the idle ones cost nothing: so those that are compared take
 * their turns right after each other, on the same machine as far as it can be. Who is first changes each time.
 */
async function measureRound(group: Group, round: number, scale: Scale, notes: Notes): Promise<void> {
  try {
    await using running = new AsyncDisposableStack();
    const turns = await startAll(group, running, notes);
    for (const { contender, peer } of turns) {
      await warmUp(group, contender, peer, scale).catch((error) =>
        notes.fail(`${group.name}, warm-up: ${contender.name}`, error),
      );
    }
    for (const [index, workload] of group.workloads.entries()) {
      for (const { contender, peer } of (index + round) % 2 === 0 ? turns : turns.toReversed()) {
        if (!takesPart(group, contender, workload)) continue;
        try {
          notes.add(group, workload, contender, round, await workload.measure(peer, scale));
        } catch (error) {
          notes.fail(`${workload.name}: ${contender.name}`, error);
        }
      }
    }
  } catch (error) {
    notes.fail(group.name, error);
  }
}

async function startAll(group: Group, running: AsyncDisposableStack, notes: Notes): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  for (const contender of [...group.contenders, ...(group.responders ?? [])]) {
    if (!group.workloads.some((workload) => takesPart(group, contender, workload))) continue;
    try {
      turns.push({ contender, peer: running.use(await contender.start()) });
    } catch (error) {
      notes.fail(`${group.name}: ${contender.name}`, error);
    }
  }
  return turns;
}

/** Each kind of work once at least: V8 compiles what runs often, and a registry in use was not started a second ago. */
async function warmUp(group: Group, contender: Contender, peer: RunningPeer, scale: Scale): Promise<void> {
  const warmUps = (group.warmUps ?? []).filter((workload) => takesPart(group, contender, workload));
  if (warmUps.length === 0) return;
  const seconds = scale.groupWarmUpSeconds / warmUps.length;
  const end = performance.now() + scale.groupWarmUpSeconds * 1_000;
  do {
    for (const workload of warmUps) await workload.measure(peer, { ...scale, seconds });
  } while (performance.now() < end);
}

function takesPart({ responders = [] }: Group, contender: Contender, { isStatic }: Workload): boolean {
  return !responders.includes(contender) || isStatic === true;
}

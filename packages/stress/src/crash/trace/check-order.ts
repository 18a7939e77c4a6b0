import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Build } from '../../actor/victim.ts';
import { type Scenario, scenarios } from '../points/scenarios.ts';
import { Walk } from '../points/walk.ts';
import { orderViolations, type Violation } from './order.ts';

/**
 * The server also commits what no response waits for, such as the audit of pulls and the progress of a collection. That this
 * is on its way just when a response goes out happens, but not each time; what the response stands for always is before it.
 */
const attempts = 4;

/** Traces operations (default: all) one after the other, and checks the order of their system calls. */
export async function checkOrder(
  build: Build = {},
  operations: readonly Scenario[] = scenarios,
): Promise<{ readonly calls: number; readonly violations: readonly string[] }> {
  await using walk = await Walk.start(build);
  const { directory } = walk;
  const places = {
    layers: join(directory, 'layers'),
    uploads: join(directory, 'uploads'),
    database: await realpath(build.env?.['MCR_DATABASE_PATH'] ?? join(directory, 'mcr.db')),
  };
  let count = 0;
  const look = async (scenario: Scenario): Promise<readonly Violation[]> => {
    const calls = await walk.trace(scenario);
    count += calls.length;
    const found = orderViolations(calls, places);
    return found.filter((violation) => violation.aheadOfLog !== 'response' || !isExcused(scenario, violation));
  };
  const violations: string[] = [];
  for (const scenario of operations) {
    let found = await look(scenario);
    for (let attempt = 1; attempt < attempts && mayBeOthers(found); attempt += 1) found = await look(scenario);
    violations.push(...found.map(({ text }) => `${scenario.name}: ${text}`));
  }
  return { calls: count, violations };
}

/** What the response stands for is not what waits for the disk, or nobody relies on it yet. */
function isExcused({ isAskedAbout, opensUpload }: Scenario, { after }: Violation): boolean {
  return isAskedAbout === true || (opensUpload === true && after === 0);
}

function mayBeOthers(violations: readonly Violation[]): boolean {
  return violations.length > 0 && violations.every(({ aheadOfLog }) => aheadOfLog !== undefined);
}

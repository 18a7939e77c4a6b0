import { join } from 'node:path';
import { type Scenario, scenarios } from '../points/scenarios.ts';
import { Walk } from '../points/walk.ts';
import type { Build } from '../rounds/registry.ts';
import { orderViolations } from './order.ts';

/** Traces operations, all unless told, one after the other, and looks at the order of their system calls. */
export async function checkOrder(
  build: Build = {},
  operations: readonly Scenario[] = scenarios,
): Promise<{ readonly calls: number; readonly violations: readonly string[] }> {
  await using walk = await Walk.start(build);
  const { directory } = walk;
  const places = {
    layers: join(directory, 'layers'),
    uploads: join(directory, 'uploads'),
    database: join(directory, 'mcr.db'),
  };
  let count = 0;
  const violations: string[] = [];
  for (const scenario of operations) {
    const calls = await walk.trace(scenario);
    count += calls.length;
    violations.push(...orderViolations(calls, places).map((violation) => `${scenario.name}: ${violation}`));
  }
  return { calls: count, violations };
}

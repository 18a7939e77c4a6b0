import { join } from 'node:path';
import { run } from '@mcr/testkit';

const top = join(import.meta.dirname, '..', '..', '..', '..');

/** What dependency-cruiser has found: how many files, and who imports what against which rule. */
export interface Cruise {
  readonly modules: number;
  readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: string }[];
}

interface Report {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { from: string; to: string; rule: { name: string } }[];
  };
}

/** Checks the imports of the packages and apps in a directory by the repository's rules. */
export async function cruise(directory = top): Promise<Cruise> {
  const program = join(top, 'node_modules', '.bin', 'depcruise');
  const config = join(top, '.dependency-cruiser.mjs');
  const args = ['--config', config, '--output-type', 'json', 'packages', 'apps'];
  const { stdout, stderr } = await run(program, args, { cwd: directory });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${stdout}${stderr}`);
  const { summary } = JSON.parse(stdout) as Report;
  const violations = summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name }));
  return { modules: summary.totalCruised, violations };
}

import { Readable } from 'node:stream';
import { vi } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';

/** How a command ended and what it printed. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `mcrsrv` with these arguments in this process, which costs a fraction of starting one. */
export async function mcrsrv(argv: readonly string[], stdin = ''): Promise<CliResult> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      printed[name] += String(chunk);
      return true;
    }),
  );
  const input = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([stdin]) as typeof process.stdin);
  try {
    return { code: await runCli(argv), ...printed };
  } finally {
    for (const spy of [...spies, input]) spy.mockRestore();
  }
}

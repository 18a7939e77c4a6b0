import type { CommandSet } from '../../cli/command.ts';
import { type ExitCode, exitCodes } from '../../cli/exit-codes.ts';
import type { Io } from '../../cli/io.ts';
import { printable } from '../../output/format.ts';
import { findCandidates } from './candidates.ts';
import { serverLookup } from './lookup.ts';

/** `mcrctl __complete LINE`, called by shells: one candidate per line, or nothing if the server cannot be reached. */
export async function complete(line: string, set: CommandSet, io: Io): Promise<ExitCode> {
  try {
    const candidates = await findCandidates(line, set, serverLookup(io));
    for (const { value, describe = '' } of candidates) io.stdout.write(`${printable(value)}\t${printable(describe)}\n`);
    return exitCodes.ok;
  } catch {
    // A message in the middle of a line that is being typed would not help.
    return exitCodes.failed;
  }
}

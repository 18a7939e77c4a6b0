// Loaded into a server by `--import`: its clock is the machine's, shifted by what stands in the file that FAULT_CLOCK
// names, in milliseconds.
import { readFileSync } from 'node:fs';

const MachineDate = Date;
const file = process.env['FAULT_CLOCK'] ?? '';
const now = (): number => MachineDate.now() + Number(readFileSync(file, 'utf8'));

globalThis.Date = class extends MachineDate {
  constructor(...given: readonly []) {
    super(...((given.length === 0 ? [now()] : given) as [number]));
  }

  static override now(): number {
    return now();
  }
} as DateConstructor;

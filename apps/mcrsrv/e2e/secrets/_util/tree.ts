import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Ledger } from './ledger.ts';

/** Files that are there to hold a secret, readable by their owner only. */
const keepers = /^(?:initial-admin-password|signing-key\.pem|tls\/.*)$/;

/** Puts names and bytes of every file of a registry's directory into the ledger, database and its log among them. */
export async function readTree(ledger: Ledger, directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    ledger.wrote('file names', name);
    if (entry.isFile() && !keepers.test(name))
      ledger.wrote(`file ${name.replace(/[0-9a-f-]{20,}/g, '*')}`, await readFile(path));
  }
}

/** Puts into the ledger what others on the machine see of a process. */
export async function readProcess(ledger: Ledger, pid: number): Promise<void> {
  for (const name of ['cmdline', 'comm', 'environ', 'status']) {
    ledger.wrote('process titles and environments', await readFile(`/proc/${pid}/${name}`));
  }
}

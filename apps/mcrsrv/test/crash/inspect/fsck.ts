import type { TestRegistry } from '@mcr/testkit';

/** What a kill may leave for the next collection: files that no row knows yet or any more, and uploads that became blobs. */
const collectable = new Set(['file-unknown', 'upload-unknown', 'upload-missing']);
const findingsLeft = 1;

/** Runs `mcrsrv fsck --deep` beside the server, and gives what it found, but for what the next collection may remove. */
export async function fsck(
  registry: TestRegistry,
  { mayBeCollected }: { readonly mayBeCollected: boolean },
): Promise<readonly string[]> {
  const args = ['fsck', '--deep', '--json', '--config', registry.configPath];
  const { code, stdout, stderr } = await registry.tryCli(args);
  if (code === 0) return [];
  if (code !== findingsLeft) return [`fsck ended with ${code}: ${stdout}${stderr}`];
  const findings: readonly { kind: string }[] = JSON.parse(stdout).findings;
  const problems = findings.filter(({ kind }) => !mayBeCollected || !collectable.has(kind));
  return problems.map((finding) => `fsck found ${JSON.stringify(finding)}`);
}

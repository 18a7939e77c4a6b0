import type { TestRegistry } from '@mcr/testkit';
import type { World } from '../actor/world.ts';

/** What a kill may leave for the next collection: files that no row knows yet or any more. */
const collectable = new Set(['file-unknown', 'upload-unknown']);
/** What it reports for a damaged blob until a push has repaired it, or is about to. */
const quarantined = new Set(['blob-quarantined', 'blob-recovered']);
const findingsLeft = 1;

/** Runs `mcrsrv fsck --deep` beside the server, and returns its findings, except for what the next collection may remove. */
export async function fsck(
  registry: Pick<TestRegistry, 'configPath' | 'tryCli'>,
  { damaged }: Pick<World, 'damaged'>,
  { mayBeCollected }: { readonly mayBeCollected: boolean },
): Promise<readonly string[]> {
  const args = ['fsck', '--deep', '--json', '--config', registry.configPath];
  const { code, stdout, stderr } = await registry.tryCli(args);
  if (code === 0) return [];
  if (code !== findingsLeft) return [`fsck ended with ${code}: ${stdout}${stderr}`];
  const findings: readonly { kind: string; digest?: string }[] = JSON.parse(stdout).findings;
  const isExpected = ({ kind, digest = '' }: (typeof findings)[number]) =>
    (mayBeCollected && collectable.has(kind)) || (quarantined.has(kind) && damaged.has(digest));
  const problems = findings.filter((finding) => !isExpected(finding));
  return problems.map((finding) => `fsck found ${JSON.stringify(finding)}`);
}

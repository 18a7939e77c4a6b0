/** The newest section of a changelog. */
export type Section = {
  version: string;
  /** Whether it is still being written. */
  isOpen: boolean;
};

const heading = /^## (?:Unreleased \((?<next>[\d.]+)\)|(?<released>[\d.]+) \(\d{4}-\d{2}-\d{2}\))$/;

/** Reads the heading of the newest section. Throws when it is neither `Unreleased (0.2.0)` nor `0.2.0 (2026-12-01)`. */
export function newestSection(changelog: string): Section {
  const line = changelog.split('\n').find((text) => text.startsWith('## ')) ?? '';
  const { next, released } = heading.exec(line)?.groups ?? {};
  const version = next ?? released;
  if (version !== undefined) return { version, isOpen: next !== undefined };
  throw new Error(`CHANGELOG.md must begin with "## Unreleased (0.2.0)" or "## 0.2.0 (2026-12-01)", not "${line}"`);
}

/**
 * Throws when a version that a tag names is not the one that package.json and the changelog are about. A version
 * that is on the way to a release, such as `0.2.0-dev.5+gd563548`, needs neither.
 */
export function assertDocumented(version: string, planned: string, changelog: string): void {
  if (!/^[\d.]+$/.test(version)) return;
  if (planned !== version) throw new Error(`The tag says ${version}, and package.json ${planned}: move one of them`);
  const newest = newestSection(changelog);
  if (newest.version === version && !newest.isOpen) return;
  throw new Error(`CHANGELOG.md must begin with "## ${version} (YYYY-MM-DD)" to release ${version}`);
}

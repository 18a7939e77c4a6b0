/**
 * The first release of each Node line with the fixes of July 2026 (24) and of June 2026 (26), without which a client
 * can crash or mislead a server. Other lines get no fixes; newer ones include them.
 */
const minimums: readonly (readonly [major: number, minor: number, patch: number])[] = [
  [24, 18, 1],
  [26, 3, 1],
];

/** Why this version of Node must not serve a network, as a sentence; `undefined` if it may. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [newest] = minimums.at(-1)!;
  if (major > newest) return undefined;
  const line = minimums.find(([first]) => first === major);
  if (line !== undefined && (minor > line[1] || (minor === line[1] && patch >= line[2]))) return undefined;
  const wanted = minimums.map((parts) => parts.join('.')).join(' or ');
  return `Node ${version} has known security holes; install ${wanted}, or a newer release of the same line`;
}

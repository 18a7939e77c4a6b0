import type { Group } from './workload.ts';

/**
 * The groups with those workloads whose name, as `Group: workload`, holds one of the texts, or all when there is no text;
 * groups without any are left out.
 */
export function selected(groups: readonly Group[], texts: readonly string[]): readonly Group[] {
  const wanted = texts.map((text) => text.toLowerCase());
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((text) => name.includes(text));
  return groups
    .map((group) => {
      const workloads = group.workloads.filter(({ name }) => isWanted(`${group.name}: ${name}`.toLowerCase()));
      return { ...group, workloads };
    })
    .filter(({ workloads }) => workloads.length > 0);
}

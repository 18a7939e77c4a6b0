import type { Group } from './workload.ts';

/** The groups with those workloads whose name, or whose group's name, holds a text; groups without any are left out. */
export function selected(groups: readonly Group[], text: string): readonly Group[] {
  const wanted = text.toLowerCase();
  return groups
    .map((group) => {
      const workloads = group.workloads.filter(({ name }) => `${group.name}: ${name}`.toLowerCase().includes(wanted));
      return { ...group, workloads };
    })
    .filter(({ workloads }) => workloads.length > 0);
}

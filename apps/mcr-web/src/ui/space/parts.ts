import type { DescribeStorageResponse } from '@mcr/rpc/mcr/v1/admin_pb';

/** How a part of the space is shown. */
export interface ShownPart {
  readonly name: string;
  readonly bytes: bigint;
  readonly color: string;
  /** Where one can do something about it. */
  readonly href?: string;
}

/** Name, color and page of each part, by the name that the API gives it. */
const looks: Readonly<Record<string, Omit<ShownPart, 'bytes'>>> = {
  own: { name: 'Only in one repository', color: 'c1', href: '/repositories?sort=size' },
  shared: { name: 'Shared by repositories', color: 'c2', href: '/repositories?sort=size' },
  waiting: { name: 'Waiting for collection', color: 'cwarn', href: '/storage#gc' },
  uploads: { name: 'Uploads in progress', color: 'c3', href: '/storage#gc' },
  database: { name: 'Database and its log', color: 'c4', href: '/audit' },
  copies: { name: 'Copies of the database', color: 'c4', href: '/storage#snapshots' },
  other: { name: 'Other files on the disk', color: 'c4' },
  reserved: { name: 'Reserved for root', color: 'c5' },
  free: { name: 'Free', color: 'c5', href: '/storage#growth' },
};

/** The parts of the space, as they are shown. They add up to the whole. */
export function shownParts({ parts }: Pick<DescribeStorageResponse, 'parts'>): readonly ShownPart[] {
  return parts.map(({ name, bytes }) => {
    const look = looks[name] ?? { name, color: 'c4' };
    return name === 'other' && bytes < 0n ? { ...look, name: 'Saved by the file system', bytes } : { ...look, bytes };
  });
}

/** Bytes of the parts with these names. */
export function bytesOf({ parts }: Pick<DescribeStorageResponse, 'parts'>, ...names: readonly string[]): bigint {
  return parts.reduce((sum, { name, bytes }) => (names.includes(name) ? sum + bytes : sum), 0n);
}

import { expect, test } from 'vitest';
import { mountOf } from './disk.ts';

const mountinfo = String.raw`23 1 254:0 / / rw,relatime - ext4 /dev/vda rw
24 23 0:21 / /proc rw - proc proc rw
25 23 0:30 / /tmp rw,nosuid shared:3 - tmpfs tmpfs rw
26 23 254:17 / /mnt/big\040disk rw master:1 shared:2 - xfs /dev/vdb1 rw
27 25 254:33 / /tmp rw - btrfs /dev/vdc1 rw
`;

test.each([
  ['/', 'ext4', '254:0'],
  ['/var/lib', 'ext4', '254:0'],
  ['/mnt/big disk/mcr', 'xfs', '254:17'],
  ['/mnt/big disks', 'ext4', '254:0'],
  ['/tmp/mcr', 'btrfs', '254:33'],
])('%s is on %s', (path, fileSystem, device) => {
  expect(mountOf(path, mountinfo)).toMatchObject({ fileSystem, device });
});

test('without a list nothing is known', () => {
  expect(mountOf('/', '')).toBeUndefined();
});

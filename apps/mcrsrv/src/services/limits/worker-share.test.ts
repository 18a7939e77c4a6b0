import { connectionLimits } from '@mcr/server-kit';
import { expect, test } from 'vitest';
import { shareOfWorker } from './worker-share.ts';

const mebibyte = 2 ** 20;

test.each([
  [1, 8, { bodies: { bytes: 128 * mebibyte, bytesOfAccount: 32 * mebibyte }, hashes: 4 }],
  [2, 8, { bodies: { bytes: 64 * mebibyte, bytesOfAccount: 16 * mebibyte }, hashes: 2 }],
  [
    3,
    8,
    { bodies: { bytes: Math.ceil((128 * mebibyte) / 3), bytesOfAccount: Math.ceil((32 * mebibyte) / 3) }, hashes: 2 },
  ],
  [8, 8, { bodies: { bytes: 16 * mebibyte, bytesOfAccount: 8 * mebibyte }, hashes: 1 }],
  [64, 64, { bodies: { bytes: 16 * mebibyte, bytesOfAccount: 8 * mebibyte }, hashes: 1 }],
])(
  'one of %i workers on %i cores gets its share of memory and cores, and enough for one manifest',
  (workers, cores, share) => {
    expect(shareOfWorker(workers, cores)).toEqual(share);
  },
);

test.each([
  [1, { registry: 8_192, rpc: 1_024 }],
  [2, { registry: 4_096, rpc: 512 }],
  [3, { registry: 2_731, rpc: 342 }],
  [64, { registry: 256, rpc: 64 }],
])('one of %i workers takes its share of the connections that fit into memory', (workers, share) => {
  expect(connectionLimits('', workers)).toMatchObject(share);
});

test('the files of a process are its own, and their share for connections is not divided', () => {
  expect(connectionLimits('Max open files            1024  1024  files', 4)).toMatchObject({ registry: 409, rpc: 51 });
});

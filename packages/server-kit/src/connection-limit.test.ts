import { describe, expect, test } from 'vitest';
import { connectionLimits } from './connection-limit.ts';

const limitsOf = (files: string) => `Limit                     Soft Limit           Hard Limit           Units
Max processes             95000                95000                processes
Max open files            ${files.padEnd(20)} 524288               files
Max locked memory         8388608              8388608              bytes
`;

describe('connectionLimits', () => {
  test('leaves more than half of the files to blobs, uploads and the database', () => {
    expect(connectionLimits(limitsOf('1024'))).toEqual({ registry: 409, rpc: 51, metrics: 20, web: 819 });
  });

  test.each(['524288', 'unlimited'])('bounds memory if the system does not limit files: %s', (files) => {
    expect(connectionLimits(limitsOf(files))).toEqual({ registry: 8_192, rpc: 1_024, metrics: 64, web: 4_096 });
  });

  test('uses the bound of memory if the system reports no limit', () => {
    expect(connectionLimits('')).toEqual({ registry: 8_192, rpc: 1_024, metrics: 64, web: 4_096 });
  });

  test('accepts some connections whatever the system reports', () => {
    expect(connectionLimits(limitsOf('1'))).toEqual({ registry: 1, rpc: 1, metrics: 1, web: 1 });
  });
});

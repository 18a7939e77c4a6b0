import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { mediaTypes } from '@mcr/core';
import { AuditEventSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import { describe, expect, test } from 'vitest';
import { groupPushes } from './pushes.ts';

interface Pushed {
  readonly of: string;
  readonly tag?: string;
  readonly type?: string;
  /** Seconds. */
  readonly at: number;
  readonly by?: string;
  readonly repository?: string;
}

/** Events in the order of the log: newest first. */
function log(...pushes: readonly Pushed[]) {
  const events = pushes.map(({ of, tag, type = mediaTypes.ociManifest, at, by = 'ci', repository = 'team/app' }) =>
    create(AuditEventSchema, {
      digest: of,
      repository,
      at: timestampFromMs(at * 1_000),
      actor: { id: by },
      details: { media_type: type, ...(tag !== undefined && { tag }) },
    }),
  );
  return events.toReversed();
}

const groups = (...pushes: readonly Pushed[]) =>
  groupPushes(log(...pushes)).map(({ event, tags }) => [event.digest, ...tags]);
const index = mediaTypes.ociIndex;

describe('a push', () => {
  test('is an index with its images and attestations, as buildx pushes them', () => {
    expect(
      groups(
        { of: 'amd64', at: 0 },
        { of: 'arm64', at: 1 },
        { of: 'attestation of amd64', at: 2 },
        { of: 'attestation of arm64', at: 3 },
        { of: 'index', tag: '1.0', type: index, at: 4 },
      ),
    ).toEqual([['index', '1.0']]);
  });

  test('is one image under several tags', () => {
    expect(
      groups(
        { of: 'amd64', at: 0 },
        { of: 'index', tag: '1.0', type: index, at: 1 },
        { of: 'index', tag: 'latest', type: index, at: 2 },
        { of: 'image', tag: 'a,b', at: 3 },
      ),
    ).toEqual([
      ['image', 'a', 'b'],
      ['index', 'latest', '1.0'],
    ]);
  });

  test('is an index that was pushed by digest, with its manifests', () => {
    expect(groups({ of: 'amd64', at: 0 }, { of: 'index', type: index, at: 1 })).toEqual([['index']]);
  });

  test.each<[string, Pushed, Pushed]>([
    ['of another account', { of: 'image', at: 0, by: 'ada' }, { of: 'index', tag: '1', type: index, at: 1 }],
    ['of another repository', { of: 'image', at: 0, repository: 'x' }, { of: 'index', tag: '1', type: index, at: 1 }],
    ['of long before', { of: 'image', at: 0 }, { of: 'index', tag: '1', type: index, at: 601 }],
    ['with a tag of its own', { of: 'image', tag: 'amd64', at: 0 }, { of: 'index', tag: '1', type: index, at: 1 }],
    ['before an image', { of: 'signature', at: 0 }, { of: 'image', tag: '1', at: 1 }],
    ['that is an index without a tag', { of: 'one', type: index, at: 0 }, { of: 'two', type: index, at: 1 }],
    ['after the index', { of: 'index', tag: '1', type: index, at: 0 }, { of: 'signature', at: 1 }],
  ])('is two pushes with a manifest %s', (_what, first, second) => {
    expect(groups(first, second)).toHaveLength(2);
  });
});

import { blobOf } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { EventCounts, eventKey } from './event-counts.ts';
import { Possible } from './possible.ts';
import { BlobPromises } from './promises.ts';
import {
  emptyRepository,
  type RepositoryState,
  withManifest,
  withoutManifest,
  withoutTag,
  withoutTags,
} from './repository-state.ts';

const pushed = withManifest(emptyRepository, 'sha256:a', 'v1');
const moved = withManifest(pushed, 'sha256:b', 'v1');

describe('what a repository may show', () => {
  test.each<[string, boolean, RepositoryState]>([
    ['before the push', true, pushed],
    ['after the push', true, moved],
    ['the manifest without its tag', false, { ...moved, tags: pushed.tags }],
    ['the tag without its manifest', false, { ...pushed, tags: moved.tags }],
    ['nothing', false, emptyRepository],
  ])('%s, while a push is unanswered: %s', (_name, allowed, shown) => {
    const state = new Possible(pushed);
    state.attempt(moved);
    expect(() => state.certain).toThrow('several states');
    expect(state.observe(shown)).toBe(allowed);
    expect(state.certain).toEqual(shown);
  });

  test('is the state after an acknowledged change, and the one before a refused change', () => {
    const state = new Possible(pushed);
    state.attempt(moved);
    state.refused();
    expect(state.certain).toBe(pushed);
    state.attempt(moved);
    state.accepted();
    expect(state.observe(pushed)).toBe(false);
  });

  test('is without the tags of a manifest that was deleted', () => {
    expect(withoutManifest(moved, 'sha256:b')).toEqual({ manifests: new Set(['sha256:a']), tags: new Map() });
    expect(withoutTag(moved, 'v1')).toEqual({ manifests: moved.manifests, tags: new Map() });
  });

  test('is without tags that were deleted at once, and without manifests that lose their last tag by that', () => {
    const state = withManifest(withManifest(withManifest(pushed, 'sha256:b', 'v2'), 'sha256:b', 'v3'), 'sha256:c');
    expect(withoutTags(state, ['v1', 'v2'], false)).toEqual({
      manifests: new Set(['sha256:b', 'sha256:c']),
      tags: new Map([['v3', 'sha256:b']]),
    });
    expect(withoutTags(state, ['v1', 'v2', 'v3'], true)).toEqual({ manifests: state.manifests, tags: new Map() });
  });
});

describe('the events that changes must leave', () => {
  const key = eventKey('manifest_pushed', 'a/b');

  test.each([
    [0, 1],
    [1, 0],
    [2, 0],
    [3, 1],
  ])('%i of one acknowledged and one unanswered change make %i problems', (found, problems) => {
    const events = new EventCounts();
    events.sent(key);
    events.accepted(key);
    events.sent(key);
    events.sent(key);
    events.refused(key);
    expect(events.observe(new Map([[key, found]]))).toHaveLength(problems);
    expect(events.observe(new Map([[key, found]]))).toEqual([]);
  });

  test('are the only ones', () => {
    expect(new EventCounts().observe(new Map([[key, 1]]))).toEqual([`1 events "${key}", expected 0 to 0`]);
  });
});

test('a blob is promised for the longest time that was ever said, until its deletion is asked for', () => {
  const promises = new BlobPromises();
  const blob = blobOf('promised');
  promises.keep(blob, 20);
  promises.keep(blob, 10);
  expect([promises.holds(blob.digest, 19), promises.holds(blob.digest, 20)]).toEqual([true, false]);
  promises.release(blob.digest);
  expect(promises.holds(blob.digest, 1)).toBe(false);
  promises.deleted(blob.digest);
  expect(promises.gone).toEqual([blob.digest]);
  promises.mayReturn(blob.digest);
  expect(promises.gone).toEqual([]);
});

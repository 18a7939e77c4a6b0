import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { EventCounts, eventKey } from './event-counts.ts';
import { Ledger } from './ledger.ts';
import { Possible } from './possible.ts';
import {
  allowsBlob,
  emptied,
  emptyRepository,
  hasBlob,
  type Listing,
  listingOf,
  type References,
  type Repository,
  withLease,
  withManifest,
  withoutBlob,
  withoutLeases,
  withoutManifest,
  withoutTags,
} from './repository.ts';

const pushed = withManifest(emptyRepository, 'sha256:a', { blobs: ['sha256:1'] }, 'v1');
const moved = withManifest(pushed, 'sha256:b', { blobs: ['sha256:2'] }, 'v1');
const [before, after] = [listingOf(pushed), listingOf(moved)];

describe('what a repository may show', () => {
  test.each<[string, boolean, Listing]>([
    ['before the push', true, before],
    ['after the push', true, after],
    ['the manifest without its tag', false, { ...after, tags: before.tags }],
    ['the tag without its manifest', false, { ...before, tags: after.tags }],
    ['nothing', false, listingOf(emptyRepository)],
  ])('%s, while a push has no response: %s', (_name, allowed, shown) => {
    const state = new Possible(pushed);
    state.attempt(() => moved);
    expect(() => state.certain).toThrow('several states');
    expect(state.observe((it) => isDeepStrictEqual(listingOf(it), shown))).toBe(allowed);
    if (allowed) expect(listingOf(state.certain)).toEqual(shown);
    else expect(state.states).toEqual([pushed, moved]);
  });

  test('is the state after an acknowledged change, and the one before a rejected change', () => {
    const state = new Possible(pushed);
    state.attempt(() => moved);
    state.rejected();
    expect(state.certain).toBe(pushed);
    state.attempt(() => moved);
    state.accepted();
    expect(state.certain).toBe(moved);
    expect(state.observe((it) => it === pushed)).toBe(false);
  });

  test('is said in words', () => {
    const state = new Possible<Repository>(pushed);
    state.attempt(emptied);
    expect(state.describe(listingOf)).toBe(
      '{"manifests":["sha256:a"],"tags":{"v1":"sha256:a"}} or {"manifests":[],"tags":{}}',
    );
  });

  test('is without the tags of a manifest that was deleted', () => {
    expect(listingOf(withoutManifest(moved, 'sha256:b'))).toEqual({
      manifests: new Set(['sha256:a']),
      tags: new Map(),
    });
    expect(listingOf(withoutTags(moved, ['v1']))).toEqual({ manifests: after.manifests, tags: new Map() });
  });

  test('is without tags that were deleted at once, and without manifests that lose their last tag by that', () => {
    const state = withManifest(withManifest(pushed, 'sha256:b', { blobs: [] }, 'v2', 'v3'), 'sha256:c', { blobs: [] });
    expect(listingOf(withoutTags(state, ['v1', 'v2'], false))).toEqual({
      manifests: new Set(['sha256:b', 'sha256:c']),
      tags: new Map([['v3', 'sha256:b']]),
    });
    expect(listingOf(withoutTags(state, ['v1', 'v2', 'v3'], true))).toEqual({
      manifests: listingOf(state).manifests,
      tags: new Map(),
    });
  });

  test('is without what only such a manifest leads to, and with what an index that stays lists', () => {
    const blobs: string[] = [];
    const pushes: [string, References, ...string[]][] = [
      ['child', { blobs }],
      ['shared', { blobs }, 'v1'],
      ['signature', { blobs, subject: 'child' }],
      ['index', { blobs, children: ['child', 'shared', 'absent'] }, 'v1', 'v2'],
      ['staying', { blobs, children: ['shared'] }],
      ['unrelated', { blobs, subject: 'absent' }],
    ];
    const state = pushes.reduce((so, push) => withManifest(so, ...push), emptyRepository);
    const left = (...tags: string[]) => [...withoutTags(state, tags, false).manifests.keys()];
    expect(left('v1')).toEqual(['child', 'shared', 'signature', 'index', 'staying', 'unrelated']);
    expect(left('v1', 'v2')).toEqual(['shared', 'staying', 'unrelated']);
    const tagged = withManifest(state, 'staying', { blobs, children: ['shared'] }, 'v3');
    expect([...withoutTags(tagged, ['v1', 'v2', 'v3'], false).manifests.keys()]).toEqual(['unrelated']);
  });
});

describe('a blob', () => {
  const leased = withLease(withLease(emptyRepository, 'sha256:1', 20), 'sha256:1', 10);

  test('is kept for the longest time that was ever said, until its deletion', () => {
    expect([hasBlob(leased, 'sha256:1', 19), hasBlob(leased, 'sha256:1', 20)]).toEqual([true, false]);
    expect(hasBlob(withoutBlob(leased, 'sha256:1'), 'sha256:1', 1)).toBe(false);
  });

  test('is kept for as long as a manifest references it, and no longer', () => {
    expect(hasBlob(pushed, 'sha256:1', 20)).toBe(true);
    expect(hasBlob(withoutManifest(pushed, 'sha256:a'), 'sha256:1', 20)).toBe(false);
    expect(hasBlob(withoutBlob(pushed, 'sha256:1'), 'sha256:1', 20)).toBe(false);
  });

  test.each<[string, Repository, boolean, boolean]>([
    ['must be there under its lease', leased, true, false],
    ['may be there or not when nothing is known of it', emptyRepository, true, true],
    ['may be there or not after its lease', withoutLeases(leased), true, true],
    ['must not be there after its deletion', withoutBlob(leased, 'sha256:1'), false, true],
    ['must not be there after the deletion of its repository', emptied(leased), false, true],
    ['must be there once it was sent again', withLease(emptied(leased), 'sha256:1', 20), true, false],
  ])('%s', (_name, state, mayBeThere, mayBeGone) => {
    const allowed = [true, false].map((isThere) => allowsBlob(state, 'sha256:1', isThere, 19));
    expect(allowed).toEqual([mayBeThere, mayBeGone]);
  });
});

describe('a ledger', () => {
  test('of one client takes both states for possible until there is a response', () => {
    const ledger = new Ledger('a/b');
    const settle = ledger.attempt(() => pushed);
    expect(ledger.state.states).toEqual([emptyRepository, pushed]);
    settle(true);
    expect(ledger.now).toBe(pushed);
    expect(ledger.mayName('sha256:1', 0)).toBe(true);
  });

  test('that others share counts what was accepted, in whatever order, and relies on leases alone', () => {
    const ledger = new Ledger('a/b', new Ledger('a/b'));
    const [push, lease, rejected] = [
      ledger.attempt((state) => withManifest(state, 'sha256:a', { blobs: ['sha256:1'] })),
      ledger.attempt((state) => withLease(state, 'sha256:2', 20)),
      ledger.attempt(emptied),
    ];
    expect(ledger.now).toBe(emptyRepository);
    lease(true);
    rejected(false);
    push(true);
    expect([...ledger.now.manifests.keys()]).toEqual(['sha256:a']);
    expect([ledger.mayName('sha256:1', 10), ledger.mayName('sha256:2', 10)]).toEqual([false, true]);
  });
});

describe('the events that changes must leave', () => {
  const key = eventKey('manifest_pushed', 'a/b');

  test.each([
    [0, 1],
    [1, 0],
    [2, 0],
    [3, 1],
  ])('%i of one acknowledged change and one without a response make %i problems', (found, problems) => {
    const events = new EventCounts();
    events.sent(key);
    events.accepted(key);
    events.sent(key);
    events.sent(key);
    events.rejected(key);
    expect(events.observe(new Map([[key, found]]))).toHaveLength(problems);
    expect(events.observe(new Map([[key, found]]))).toEqual([]);
  });

  test('are the only ones', () => {
    expect(new EventCounts().observe(new Map([[key, 1]]))).toEqual([`1 events "${key}", expected 0 to 0`]);
  });
});

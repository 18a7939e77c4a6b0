import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { mediaTypes } from '@mcr/core';
import { AuditEventSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import { expect, test } from 'vitest';
import { foldPushes } from './pushes.ts';

const minute = 60_000;
let id = 0;

/** An event of so many minutes ago: `ci team/app 3 blob_uploaded`, with a tag behind a colon. */
function event(line: string) {
  const [name = '', repository = '', age, type = '', tag] = line.split(/[ :]/);
  return create(AuditEventSchema, {
    id: BigInt((id += 1)),
    at: timestampFromMs(1_000 * minute - Number(age) * minute),
    eventType: type,
    actor: { id: `id-${name}`, name },
    repository,
    details: { ...(tag !== undefined && { tag }), ...(type === 'manifest_pushed' && { media_type: mediaTypeOf(tag) }) },
  });
}

/** Of tags, those with a letter are images and the others indexes. */
function mediaTypeOf(tag = 'a'): string {
  return /[a-z]/.test(tag) ? mediaTypes.ociManifest : mediaTypes.ociIndex;
}

/** The lines of each entry. */
function folded(...lines: readonly string[]): readonly (readonly string[])[] {
  const events = lines.map(event);
  const lineOf = new Map(events.map((it, index) => [it, lines[index]!]));
  return foldPushes(events).map((entry) => [entry.event, ...entry.parts].map((it) => lineOf.get(it)!));
}

const push = [
  'ci a 0 manifest_pushed:1',
  'ci a 1 manifest_pushed',
  'ci a 2 blob_uploaded',
  'ci a 3 blob_mounted',
] as const;

test('a push is one entry, with its blobs and the manifests of its platforms', () => {
  expect(folded(...push)).toEqual([push]);
});

test('pushes of others at the same time are entries of their own, and so is what else happened', () => {
  const other = ['ann a 0 manifest_pushed:2', 'ann a 2 blob_uploaded'];
  const elsewhere = ['ci b 1 manifest_pushed:1', 'ci b 2 blob_uploaded'];
  const login = 'ci  1 login';
  const [head, ...parts] = push;
  expect(folded(head, other[0]!, elsewhere[0]!, login, ...parts, other[1]!, elsewhere[1]!)).toEqual([
    push,
    other,
    elsewhere,
    [login],
  ]);
});

test('the next push begins another entry, with the blobs before it', () => {
  const earlier = ['ci a 4 manifest_pushed:0', 'ci a 5 blob_uploaded'];
  expect(folded(...push, ...earlier)).toEqual([push, earlier]);
});

test.each([
  ['blobs without a manifest, as of a push that was interrupted', ['ci a 1 blob_uploaded', 'ci a 2 blob_uploaded']],
  ['a blob more than an hour before the manifest', ['ci a 0 manifest_pushed:1', 'ci a 61 blob_uploaded']],
  ['a blob after the manifest', ['ci a 0 blob_uploaded', 'ci a 1 manifest_pushed:1']],
  ['a deletion between', ['ci a 0 manifest_pushed:1', 'ci a 1 blob_deleted']],
])('%s: entries of their own', (_case, lines) => {
  expect(folded(...lines)).toEqual(lines.map((line) => [line]));
});

test('a signature before the push of an image is an entry of its own, with its blobs', () => {
  const image = ['ci a 0 manifest_pushed:v1', 'ci a 1 blob_uploaded'];
  const signature = ['ci a 2 manifest_pushed', 'ci a 3 blob_uploaded'];
  expect(folded(...image, ...signature)).toEqual([image, signature]);
});

test('a manifest without a tag has its blobs', () => {
  const lines = ['ci a 0 manifest_pushed', 'ci a 1 blob_uploaded'];
  expect(folded(...lines)).toEqual([lines]);
});

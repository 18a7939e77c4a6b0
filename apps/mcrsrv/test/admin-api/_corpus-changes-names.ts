import type { Change } from './_corpus-change.ts';

const asOverRpc =
  'names, tags and digests in a path get the error that they get over RPC, which says what they are made of';
const nameWords =
  "The repository name must be lower-case words joined by '.', '_', '-' and '/', at most 255 characters";
const tagWords = "The tag must be at most 128 of A-Z a-z 0-9 '_' '.' '-', not starting with '.' or '-'";
const digestWords = 'The digest must be sha256:<64 hex> or sha512:<128 hex>, in lower case';

/** Steps by what of them is no repository name. */
const names: Readonly<Record<string, Change['steps']>> = {
  'Team/App':
    /^\w+: (?:the repository|deletes the repository|manifests of|deletes a manifest in|tags of|deletes v1 in) Team\/App(?: for a puller)?$/,
  'team//app': / team%2F%2Fapp(?: for a puller)?$/,
  ' ': /(?:repository|tags of|manifests of) %20(?: for a puller)?$/,
  ['x'.repeat(256)]: /(?:the repository|tags of|manifests of) \{\{repeat:x:256\}\}(?: for a puller)?$/,
  'team/app/': [
    'repositories: the repository team/app/',
    'repositories: the repository team/app/ for a puller',
    'transport: GET /v1/repositories/team/app/',
  ],
  'team/app/tags/': ['tags: deletes the tag ', 'transport: GET /v1/repositories/team/app/tags/'],
};

const tags: Readonly<Record<string, string>> = {
  '!': 'tags: deletes the tag %21',
  '.x': 'tags: deletes the tag .x',
  '1.9.0/x': 'tags: deletes the tag 1.9.0%2Fx',
  ['x'.repeat(129)]: 'tags: deletes the tag {{repeat:x:129}}',
  'sha256:a609862fd05c6f8b1019e423f0ad5cdd210f3cd5b776e57e713795b488872030': 'tags: deletes the tag {{one}}',
};

const digests: Readonly<Record<string, string>> = {
  '1.9.0': 'manifests: deletes the manifest 1.9.0',
  'sha256:0': 'manifests: deletes the manifest sha256:0',
  'md5:00000000000000000000000000000000': 'manifests: deletes the manifest md5:00000000000000000000000000000000',
  ' ': 'manifests: deletes the manifest %20',
  'sha256:{{sbom': 'manifests: deletes a manifest with an encoded colon',
};

/** Errors for names in paths, by their place in the hierarchy. */
export const namesInPaths: readonly Change[] = [
  ...Object.entries(names).map(([name, steps]) => ({ steps, why: asOverRpc, error: nameWords, detail: { name } })),
  ...Object.entries(tags).map(([tag, step]) => ({ steps: [step], why: asOverRpc, error: tagWords, detail: { tag } })),
  ...Object.entries(digests).map(([digest, step]) => ({
    steps: [step],
    why: asOverRpc,
    error: digestWords,
    detail: { digest },
  })),
  {
    steps: ['transport: GET /v1/repositories/solo/manifests/{{other}}'],
    why: asOverRpc,
    error: nameWords,
    detail: { name: 'solo/manifests/sha256:44113d54e44427259cdcf286e702529139fb2868f1e4e88fd2a7d8cd19d8e7e3' },
  },
  {
    steps: ['transport: HEAD /v1/repositories/solo/manifests/{{other}}'],
    why: 'the text of the error is another one',
    response: { status: 400, headers: { 'content-type': 'application/json', 'content-length': '219' } },
  },
];

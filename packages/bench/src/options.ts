import { parseArgs } from 'node:util';
import { peersBeside, peersOfOneGroup, responders } from './groups.ts';
import { type Build, readBuild } from './peers/build.ts';
import type { Peer } from './peers/peer.ts';
import { readPeerFile } from './peers/peer-file.ts';
import { type Scale, scales } from './scale.ts';

/** The options of the command line. */
export interface Options {
  readonly scale: Scale;
  readonly rounds: number;
  /** Groups and workloads whose name contains one of these; all when empty. */
  readonly only: readonly string[];
  /** Other builds of MCR to measure beside this one. */
  readonly beside: readonly Build[];
  /** Other registries to measure. */
  readonly peers: readonly Peer[];
  readonly list: boolean;
  readonly help: boolean;
  /** Lets a run that is not fit for it become a page of the documentation. */
  readonly force: boolean;
  /** A result to report instead of measuring. */
  readonly from?: string;
  /** Files to write. */
  readonly json?: string;
  readonly html?: string;
  readonly markdown?: string;
}

/** How to call the benchmark. */
export const usage = `npm run bench -- [options]

  --quick          small sizes and one round, within three minutes
  --scale NAME     ${Object.keys(scales).join(', ')}; default: full
  --rounds N       rounds of each workload
  --only TEXT      groups and workloads whose name holds this; may be repeated
  --beside NAME=PATH[,MCR_KEY=VALUE]
                   another build of mcrsrv to measure in turn: a built checkout, or a bundle, and what to configure it
                   with, such as ",MCR_SERVER_WORKERS=2,MCR_STORAGE_SHARED=true"; may be repeated
  --peer FILE      another registry to measure, by a file that says how to start it and how to log in (packages/bench/README.md);
                   may be repeated
  --list           names everything that is measured
  --json FILE      every round, for further work
  --html FILE      a page with charts
  --markdown FILE  the page of the documentation
  --force          writes that page even when the run is not fit for it
  --from FILE      reports what --json wrote, without measuring
`;

/** Reads the command line. Throws when it holds what is not known. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      list: flag,
      help: flag,
      force: flag,
      scale: text,
      rounds: text,
      only: { ...text, multiple: true },
      beside: { ...text, multiple: true },
      peer: { ...text, multiple: true },
      from: text,
      json: text,
      html: text,
      markdown: text,
    },
  });
  const {
    quick,
    scale: name = quick ? 'quick' : 'full',
    only = [],
    beside = [],
    peer = [],
    rounds: asked,
    ...others
  } = values;
  const scale = Object.values(scales).find((one) => one.name === name);
  if (scale === undefined) throw new Error(`There is no scale "${name}": say ${Object.keys(scales).join(', ')}`);
  const rounds = asked === undefined ? scale.rounds : Number(asked);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('The number of rounds must be 1 or more');
  const builds = readBuilds(beside);
  return { ...others, scale, rounds, only, beside: builds, peers: readPeers(peer, builds) };
}

function readBuilds(texts: readonly string[]): readonly Build[] {
  return eachNamed(texts, [], readBuild);
}

function readPeers(paths: readonly string[], builds: readonly Build[]): readonly Peer[] {
  return eachNamed(paths, builds, readPeerFile);
}

/** Every contender has a name of its own. */
function eachNamed<T extends { readonly name: string }>(
  texts: readonly string[],
  others: readonly { readonly name: string }[],
  read: (text: string, taken: readonly string[]) => T,
): readonly T[] {
  const names = [...peersBeside([]), ...peersOfOneGroup, ...responders, ...others].map(({ name }) => name);
  return texts.map((text) => {
    const named = read(text, names);
    names.push(named.name);
    return named;
  });
}

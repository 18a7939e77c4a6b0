import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

/** What a build is called. */
export type Build = {
  /** A semantic version (https://semver.org/spec/v2.0.0.html), such as `0.2.0` or `0.2.0-dev.12+gd563548.dirty`. */
  version: string;
  /** The commit it was made of, such as `d563548`; empty where there is no git. */
  commit: string;
};

/** https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
const semver =
  /^(?<core>(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})(?<pre>-(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*)?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/i;

/**
 * What the build of a checkout is called: what MCR_BUILD_VERSION and MCR_BUILD_COMMIT say, where the former is set (a
 * container build has no git), else the tag of the commit, else the next version with `-dev`, the number of commits and
 * the commit. Throws when a version that was given is not a semantic one.
 */
export function identifyBuild(directory: string = root, env: NodeJS.ProcessEnv = process.env): Build {
  const { MCR_BUILD_VERSION: given, MCR_BUILD_COMMIT: commit = '' } = env;
  if (given) return { version: assertSemver(given), commit };
  const planned = assertSemver(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).version);
  const described = describeCheckout(directory);
  return described === undefined ? { version: `${planned}-dev`, commit } : nameBuild(planned, described);
}

/** A version as a tag of a container image, which may not have a plus sign. */
export function imageTag(version: string): string {
  return version.replace('+', '_');
}

/** The checked-out commit, from git. */
type Described = {
  commit: string;
  dirty: boolean;
  /** The version that the newest tag names, if there is one. */
  tag?: string;
  /** Commits since that tag, or all of them. */
  commits: number;
};

function nameBuild(planned: string, { commit, dirty, tag, commits }: Described): Build {
  const name = dirty ? `${commit}-dirty` : commit;
  const metadata = `+g${commit}${dirty ? '.dirty' : ''}`;
  if (tag !== undefined && commits === 0) return { version: dirty ? `${tag}${metadata}` : tag, commit: name };
  return { version: `${nextVersion(planned, tag)}.${commits}${metadata}`, commit: name };
}

/** Sorts above the tag that is there, and below the version that comes next. */
function nextVersion(planned: string, tag: string | undefined): string {
  const { core = '', pre } = (tag === undefined ? undefined : semver.exec(tag)?.groups) ?? {};
  if (core === '' || planned.localeCompare(core, 'en', { numeric: true }) > 0) return `${planned}-dev`;
  if (pre !== undefined) return `${tag}.dev`;
  return `${core.replace(/\d+$/, (patch) => String(Number(patch) + 1))}-dev`;
}

function describeCheckout(directory: string): Described | undefined {
  // Sources that lie within the checkout of something else are none of its commits.
  if (git(directory, 'rev-parse', '--show-prefix') !== '') return undefined;
  const args = ['--tags', '--long', '--always', '--dirty', '--abbrev=7', '--match=v*.*.*'];
  const text = git(directory, 'describe', ...args) ?? '';
  const found = /^(?:v(?<tag>.+)-(?<since>\d+)-g)?(?<commit>[\da-f]{7,})(?<dirty>-dirty)?$/.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { tag, since, commit = '', dirty } = found;
  const common = { commit, dirty: dirty !== undefined };
  if (tag !== undefined && semver.test(tag)) return { ...common, tag, commits: Number(since) };
  return { ...common, commits: Number(git(directory, 'rev-list', '--count', 'HEAD')) };
}

function git(directory: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function assertSemver(version: string): string {
  if (semver.test(version)) return version;
  throw new Error(`"${version}" is not a semantic version: write one such as 0.2.0, without a v`);
}

/** The version of this build, a semantic one such as `0.2.0`; `dev` when run from source. */
export const version: string = process.env.MCR_BUILD_VERSION ?? 'dev';

/** The commit that this build was made of, such as `d563548` or `d563548-dirty`; undefined where that is not known. */
export const commit: string | undefined = process.env.MCR_BUILD_COMMIT || undefined;

/** What `--version` prints: the version, and the commit beside it unless it is a part of it. */
export const versionLine: string = describeBuild(version, commit);

/** The text of {@link versionLine} for any build. */
export function describeBuild(name: string, madeOf: string | undefined): string {
  return madeOf === undefined || name.includes('+') ? name : `${name} (${madeOf})`;
}

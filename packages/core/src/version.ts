/** The version of this build, a semantic version such as `0.2.0`; `dev` when run from source. */
export const version: string = process.env.MCR_BUILD_VERSION ?? 'dev';

/** The commit of this build, such as `d563548` or `d563548-dirty`; undefined if unknown. */
export const commit: string | undefined = process.env.MCR_BUILD_COMMIT || undefined;

/** The output of `--version`: the version, and the commit unless the version contains it. */
export const versionLine: string = describeBuild(version, commit);

/** {@link versionLine} for any build. */
export function describeBuild(name: string, madeOf: string | undefined): string {
  return madeOf === undefined || name.includes('+') ? name : `${name} (${madeOf})`;
}

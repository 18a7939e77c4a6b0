/** The version of this build: what git describe said, or dev when run from source. */
export const version: string = process.env.MCR_BUILD_VERSION ?? 'dev';

/** An action without what all but a few begin with: `push` for `registry:push`. */
export function briefAction(action: string): string {
  return action.replace(/^registry:/, '');
}

/** A media type without what nearly all begin and end with: `oci.image.index.v1` for that of an index. */
export function briefMediaType(type: string): string {
  return type.replace(/^application\/(?:vnd\.)?/, '').replace(/\+json$/, '');
}

/** A platform without the usual operating system: `arm64/v8` for `linux/arm64/v8`. */
export function briefPlatform(platform: string): string {
  return platform.replace(/^linux\//, '');
}

import type { Session, Theme } from '../http/env.ts';
import type { StaticFiles } from '../static-files.ts';

/** The request's properties that the frame uses. */
export interface Frame {
  readonly session: Session | undefined;
  readonly csrf: string;
  readonly theme: Theme;
  readonly url: URL;
  /** Host of this UI as its users know it. */
  readonly host: string;
  /** Path of a page that can be opened again. */
  readonly here: string;
  readonly staticFiles: StaticFiles;
  /** The result of the previous change. */
  readonly flash: string | undefined;
}

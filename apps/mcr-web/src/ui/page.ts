import type { HtmlEscapedString } from 'hono/utils/html';

/** HTML in which whatever came from outside is escaped. */
export type Fragment = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A place on the way to a page; the last one is the page itself. */
export interface Crumb {
  readonly text: string;
  readonly href?: string;
}

/** What a page says of itself to the frame around it. */
export interface Page {
  /** Stands in the tab, before the program's name. */
  readonly title: string;
  /** The way to the page, in the bar above it; the default is its title. */
  readonly crumbs?: readonly Crumb[];
  /** The mcrctl command that shows the same. */
  readonly command?: string;
  /** In which way it differs. */
  readonly commandNote?: string;
  /** Seconds after which a browser without JavaScript asks again. */
  readonly refreshSeconds?: number;
  /** The address of the stream that says what is new on the page, see liveAddress. */
  readonly live?: string;
  readonly content: Fragment;
}

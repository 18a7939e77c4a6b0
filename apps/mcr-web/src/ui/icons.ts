import { html } from 'hono/html';
import arrowDown from 'lucide/dist/esm/icons/arrow-down.mjs';
import arrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import badgeCheck from 'lucide/dist/esm/icons/badge-check.mjs';
import bell from 'lucide/dist/esm/icons/bell.mjs';
import bookOpen from 'lucide/dist/esm/icons/book-open.mjs';
import boxes from 'lucide/dist/esm/icons/boxes.mjs';
import bug from 'lucide/dist/esm/icons/bug.mjs';
import calendar from 'lucide/dist/esm/icons/calendar.mjs';
import camera from 'lucide/dist/esm/icons/camera.mjs';
import check from 'lucide/dist/esm/icons/check.mjs';
import chevronRight from 'lucide/dist/esm/icons/chevron-right.mjs';
import circleAlert from 'lucide/dist/esm/icons/circle-alert.mjs';
import circleCheck from 'lucide/dist/esm/icons/circle-check.mjs';
import copy from 'lucide/dist/esm/icons/copy.mjs';
import download from 'lucide/dist/esm/icons/download.mjs';
import ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import file from 'lucide/dist/esm/icons/file.mjs';
import fileCheckCorner from 'lucide/dist/esm/icons/file-check-corner.mjs';
import gitCompare from 'lucide/dist/esm/icons/git-compare.mjs';
import hardDrive from 'lucide/dist/esm/icons/hard-drive.mjs';
import keyRound from 'lucide/dist/esm/icons/key-round.mjs';
import keyboard from 'lucide/dist/esm/icons/keyboard.mjs';
import layers from 'lucide/dist/esm/icons/layers.mjs';
import layoutDashboard from 'lucide/dist/esm/icons/layout-dashboard.mjs';
import listTree from 'lucide/dist/esm/icons/list-tree.mjs';
import logIn from 'lucide/dist/esm/icons/log-in.mjs';
import logOut from 'lucide/dist/esm/icons/log-out.mjs';
import menu from 'lucide/dist/esm/icons/menu.mjs';
import box from 'lucide/dist/esm/icons/package.mjs';
import pencil from 'lucide/dist/esm/icons/pencil.mjs';
import plus from 'lucide/dist/esm/icons/plus.mjs';
import recycle from 'lucide/dist/esm/icons/recycle.mjs';
import scale from 'lucide/dist/esm/icons/scale.mjs';
import scrollText from 'lucide/dist/esm/icons/scroll-text.mjs';
import search from 'lucide/dist/esm/icons/search.mjs';
import settings from 'lucide/dist/esm/icons/settings.mjs';
import shieldCheck from 'lucide/dist/esm/icons/shield-check.mjs';
import shieldX from 'lucide/dist/esm/icons/shield-x.mjs';
import tag from 'lucide/dist/esm/icons/tag.mjs';
import terminal from 'lucide/dist/esm/icons/terminal.mjs';
import trash from 'lucide/dist/esm/icons/trash.mjs';
import triangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import upload from 'lucide/dist/esm/icons/upload.mjs';
import user from 'lucide/dist/esm/icons/user.mjs';
import userX from 'lucide/dist/esm/icons/user-x.mjs';
import users from 'lucide/dist/esm/icons/users.mjs';
import { staticPath } from '../hashed-name.ts';
import type { Fragment } from './page.ts';

const icons = {
  'arrow-down': arrowDown,
  'arrow-up': arrowUp,
  'badge-check': badgeCheck,
  bell,
  'book-open': bookOpen,
  boxes,
  bug,
  calendar,
  camera,
  check,
  'chevron-right': chevronRight,
  'circle-alert': circleAlert,
  'circle-check': circleCheck,
  copy,
  download,
  ellipsis,
  file,
  'file-check-corner': fileCheckCorner,
  'git-compare': gitCompare,
  'hard-drive': hardDrive,
  'key-round': keyRound,
  keyboard,
  layers,
  'layout-dashboard': layoutDashboard,
  'list-tree': listTree,
  'log-in': logIn,
  'log-out': logOut,
  menu,
  package: box,
  pencil,
  plus,
  recycle,
  scale,
  'scroll-text': scrollText,
  search,
  settings,
  'shield-check': shieldCheck,
  'shield-x': shieldX,
  tag,
  terminal,
  trash,
  'triangle-alert': triangleAlert,
  upload,
  user,
  'user-x': userX,
  users,
} as const;

/** An icon of lucide. */
export type IconName = keyof typeof icons;

/** All icons in one file, which the pages refer to. */
export const sprite = { name: 'icons.svg', content: Buffer.from(spriteText()) } as const;

const spritePath = staticPath(sprite.name, sprite.content);

/** Icons as they are in pages, which have many of them. */
const drawn = new Map<string, Fragment>();

/** An icon beside words that say the same: screen readers skip it. */
export function icon(name: IconName, size?: 'sm' | 'lg'): Fragment {
  const key = `${name} ${size}` as const;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const made = html`<svg class="icon${size === undefined ? '' : ` icon--${size}`}" aria-hidden="true"><use href="${spritePath}#${name}"></use></svg>`;
  drawn.set(key, made);
  return made;
}

/** The sign of MCR, in the colors of the theme. */
export function mark(): Fragment {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><rect class="mark__bg" width="24" height="24" rx="6"></rect><rect class="mark__a" x="5.5" y="6" width="13" height="3.2" rx="1.2"></rect><rect class="mark__b" x="5.5" y="10.4" width="13" height="3.2" rx="1.2"></rect><rect class="mark__c" x="5.5" y="14.8" width="8" height="3.2" rx="1.2"></rect></svg>`;
}

function spriteText(): string {
  const symbols = Object.entries(icons).map(([name, elements]) => {
    const inner = elements.map(([tag, attributes]) => {
      const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
      return `<${tag}${text.join('')}/>`;
    });
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.join('')}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>\n`;
}

import { dirname } from 'node:path';
import type { SystemCall } from './system-call.ts';

/** Where the registry keeps what must persist across a crash. */
export interface Places {
  readonly layers: string;
  readonly uploads: string;
  readonly database: string;
}

const writes = new Set(['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'ftruncate']);
const syncs = new Set(['fsync', 'fdatasync']);
const links = new Set(['link', 'linkat']);
const renames = new Set(['rename', 'renameat', 'renameat2']);
const directoryMakers = new Set(['mkdir', 'mkdirat']);
const removals = new Set(['unlink', 'unlinkat']);

/**
 * Bytes with TLS around them. Frames of HTTP/2 that acknowledge settings or open a window, `100 Continue` and the end of a
 * connection are smaller; they go out while a commit waits for the disk, and promise nothing.
 */
const smallestResponse = 64;

/** The header that a log begins with, written anew when it is used again from the beginning. */
const beginsAnew = /, 32, 0\) += 32/;

/** A change that a crash of the machine could still undo, and the place in the trace where it was made. */
type Unsynced = Map<string, number>;

/** A way to lose what was acknowledged. */
export interface Violation {
  readonly text: string;
  /**
   * What happened before the log of the database was synced, when nothing else is unsynced. Another client's commit may be
   * the cause.
   */
  readonly aheadOfLog?: 'response' | 'removal';
  /** How many responses were sent before. */
  readonly after: number;
}

/**
 * Looks for the ways to lose what was acknowledged, in the trace of a server that serves one request at a time: another
 * name for a file whose bytes may not be on disk; a response while anything that was written before it, file, entry of a
 * directory or write-ahead log, may not be; a blob removed while the log that says so may not be; a database that is
 * written, or whose log is overwritten, although a sync of it has failed and what is on the disk is unknown.
 */
export function orderViolations(calls: readonly SystemCall[], places: Places): Violation[] {
  const checker = new Checker(places);
  for (const call of calls) checker.see(call);
  return checker.violations;
}

class Checker {
  readonly violations: Violation[] = [];
  readonly #places: Places;
  /** Files with bytes that are not on disk, and paths whose entry in their directory is not. */
  readonly #files: Unsynced = new Map();
  readonly #entries: Unsynced = new Map();
  /** Files whose own entry is new; it counts once the file has bytes. */
  readonly #created = new Set<string>();
  #databaseFailed = false;
  #responses = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  see(call: SystemCall): void {
    const [path = '', target = ''] = call.paths;
    if (call.failed) return this.#seeFailure(path, call);
    if (this.#databaseFailed) this.#seeAfterFailure(path, call);
    if (call.socket !== undefined) this.#seeResponse(call);
    else if (!this.#isOurs(path)) return;
    else if (writes.has(call.name)) this.#write(path, call);
    else if (syncs.has(call.name)) this.#sync(path, call);
    else if (links.has(call.name)) this.#name('linked', path, target, call.begun);
    else if (renames.has(call.name)) this.#rename(path, target, call.begun);
    else if (directoryMakers.has(call.name)) this.#entries.set(path, call.begun);
    else if (removals.has(call.name)) this.#remove(path);
    else if (call.name === 'openat' && call.text.includes('O_CREAT')) this.#create(path);
  }

  /** Database and log are there while a server runs, however another thread opens them. */
  #create(path: string): void {
    if (path !== this.#places.database && path !== this.#log) this.#created.add(path);
  }

  #write(path: string, { begun, text }: SystemCall): void {
    if (path === this.#log && beginsAnew.test(text)) this.#seeNewLog();
    this.#files.set(path, begun);
    if (this.#created.delete(path)) this.#entries.set(path, begun);
  }

  #seeNewLog(): void {
    const { database } = this.#places;
    const has = (what: string) => `${this.#short(this.#log)} begins anew ${what}`;
    if (this.#databaseFailed) this.#found(has(`after a sync of ${this.#short(database)} failed`));
    else if (this.#files.has(database)) this.#found(has(`before ${this.#short(database)} is synced`));
  }

  /** Covers what was there when it began, and only if it returned. */
  #sync(path: string, { begun, ended }: SystemCall): void {
    if (ended === undefined) return;
    if ((this.#files.get(path) ?? begun) < begun) this.#files.delete(path);
    for (const [entry, at] of this.#entries) {
      if (dirname(entry) === path && at < begun) this.#entries.delete(entry);
    }
  }

  #name(how: string, from: string, to: string, at: number): void {
    if (this.#files.has(from)) this.#found(`${this.#short(from)} is ${how} before its bytes are synced`);
    this.#entries.set(to, at);
  }

  #rename(from: string, to: string, at: number): void {
    this.#name('renamed', from, to, at);
    this.#forget(from);
  }

  #remove(path: string): void {
    this.#forget(path);
    if (path.startsWith(this.#places.layers) && this.#files.has(this.#log)) {
      this.#found(`${this.#short(path)} is removed before the database has synced that it may go`, 'removal');
    }
  }

  #forget(path: string): void {
    this.#files.delete(path);
    this.#entries.delete(path);
    this.#created.delete(path);
  }

  #seeResponse({ name, text }: SystemCall): void {
    if (!writes.has(name) || Number(/= (\d+)$/.exec(text)?.[1]) < smallestResponse) return;
    // What a checkpoint copies is in the log, too, until that begins anew.
    const database = this.#files.get(this.#places.database);
    this.#files.delete(this.#places.database);
    for (const file of this.#files.keys()) {
      this.#found(
        `a response is sent before ${this.#short(file)} is synced`,
        file === this.#log ? 'response' : undefined,
      );
    }
    for (const directory of new Set([...this.#entries.keys()].map((entry) => dirname(entry)))) {
      this.#found(`a response is sent before the entries of ${this.#short(directory)} are synced`);
    }
    this.#responses += 1;
    this.#files.clear();
    if (database !== undefined) this.#files.set(this.#places.database, database);
    this.#entries.clear();
  }

  #seeFailure(path: string, { name }: SystemCall): void {
    if (syncs.has(name) && path === this.#places.database) this.#databaseFailed = true;
  }

  #seeAfterFailure(path: string, { name }: SystemCall): void {
    if (path !== this.#places.database) return;
    const done = writes.has(name) ? 'written' : syncs.has(name) ? 'synced' : undefined;
    if (done !== undefined) this.#found(`${this.#short(path)} is ${done} after a sync of it failed`);
  }

  #isOurs(path: string): boolean {
    const { layers, uploads, database } = this.#places;
    const isDatabase = path === database || path === this.#log;
    return isDatabase || [layers, uploads].some((directory) => path === directory || path.startsWith(`${directory}/`));
  }

  get #log(): string {
    return `${this.#places.database}-wal`;
  }

  #found(text: string, aheadOfLog?: Violation['aheadOfLog']): void {
    const after = this.#responses;
    this.violations.push(aheadOfLog === undefined ? { text, after } : { text, aheadOfLog, after });
  }

  #short(path: string): string {
    return path.replace(`${dirname(this.#places.database)}/`, '');
  }
}

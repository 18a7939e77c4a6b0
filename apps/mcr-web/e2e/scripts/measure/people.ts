import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { digest, large } from './images.ts';

const accounts = 300;
const rules = 200;
const events = 200_000;
const runs = 100;

/** User agent of docker. */
const userAgent =
  'docker/29.1.0 go/go1.25.3 git-commit/f52814d kernel/6.12.0-amd64 os/linux arch/amd64 containerd-client/2.2.0+unknown storage-driver/overlayfs UpstreamClient(Docker-Client/29.1.0 \\(linux\\))';
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

interface Person {
  readonly id: string;
  readonly name: string;
}

/**
 * Writes what a busy installation has in addition to images: accounts, rules, the audit log and past garbage
 * collections.
 */
export function fillPeople(db: DatabaseSync): void {
  const people = Array.from({ length: accounts }, (_, at) => ({ id: randomUUID(), name: `ci-order-service-${at}` }));
  fillAccounts(db, people);
  fillRules(db, people);
  fillEvents(db, people);
  fillRuns(db);
}

function fillAccounts(db: DatabaseSync, people: readonly Person[]): void {
  const add = db.prepare(
    "INSERT INTO accounts (id, username, type, roles, password_hash, enabled, created_at, updated_at) VALUES (?, ?, 'system', ?, 'none', 1, ?, ?)",
  );
  const roles = JSON.stringify(['user', 'deploy-production']);
  for (const { id, name } of people) add.run(id, name, roles, Date.now(), Date.now());
}

function fillRules(db: DatabaseSync, people: readonly Person[]): void {
  const add = db.prepare(
    "INSERT INTO policy_rules (priority, description, effect, roles, account_types, subject, actions, repositories, enabled, created_at, updated_at) VALUES (?, ?, 'allow', ?, ?, ?, ?, ?, 1, ?, ?)",
  );
  for (let at = 1; at <= rules; at += 1) {
    const lists = [['deploy-production', 'release-managers'], ['system']].map((list) => JSON.stringify(list));
    const actions = JSON.stringify(['registry:pull', 'registry:push']);
    const globs = JSON.stringify([`team-${at}/*`, `team-${at}/*/*`, 'platform-engineering/base-images-*']);
    const description = `The pipeline of team ${at} pulls base images and pushes its own services`;
    add.run(at, description, ...lists, people[at]?.id ?? null, actions, globs, Date.now(), Date.now());
  }
}

function fillEvents(db: DatabaseSync, people: readonly Person[]): void {
  const add = db.prepare(
    'INSERT INTO audit_log (at, event_type, actor_id, actor_name, repository, digest, ip, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (let at = 0; at < events; at += 1) {
    const person = people[at % people.length];
    const repository = at % 2 === 0 ? large.name : `team-${at % 100}/order-service-${at % 10_000}`;
    const isPush = at % 5 === 0;
    const facts = isPush ? { size: '1830' } : { user_agent: userAgent };
    const details = JSON.stringify({ tag: `main-${digest(String(at)).slice(7, 47)}`, media_type: mediaType, ...facts });
    const type = isPush ? 'manifest_pushed' : 'manifest_pulled';
    const time = Date.now() - (events - at) * 10_000;
    const ip = `2001:db8:85a3:8d3:1319:8a2e:370:${(at % 0xffff).toString(16)}`;
    add.run(time, type, person?.id ?? null, person?.name ?? null, repository, digest(String(at)), ip, details);
  }
  db.exec(`INSERT INTO activity (day, event_type, n) SELECT at / 86400000, event_type, count(*) FROM audit_log WHERE true
    GROUP BY 1, 2 ON CONFLICT (day, event_type) DO UPDATE SET n = excluded.n`);
}

function fillRuns(db: DatabaseSync): void {
  const add = db.prepare(
    "INSERT INTO gc_runs (id, reconcile, trigger, state, started_at, completed_at, blobs_removed, bytes_freed, uploads_removed, examined, orphans_removed, missing_files) VALUES (?, 0, 'schedule', 'completed', ?, ?, 1200, 98000000000, 3, 45000, 0, 0)",
  );
  for (let at = runs; at > 0; at -= 1) {
    const start = Date.now() - at * 86_400_000;
    add.run(randomUUID(), start, start + 90_000);
  }
}

import type { AuditEventType } from '@mcr/core';
import type { IconName } from '../../ui/icons.ts';

/** How a kind of event is shown. */
interface Kind {
  readonly sign: IconName;
  /** What the account did, between its name and what it did it to. */
  readonly verb: string;
  /** Whether it was rejected. */
  readonly isBad?: boolean;
}

const kinds: Readonly<Partial<Record<AuditEventType, Kind>>> = {
  login: { sign: 'log-in', verb: 'signed in' },
  login_failed: { sign: 'user-x', verb: 'could not sign in', isBad: true },
  logout: { sign: 'log-out', verb: 'signed out' },
  policy_deny: { sign: 'shield-x', verb: 'was denied', isBad: true },
  manifest_pulled: { sign: 'download', verb: 'pulled' },
  manifest_pushed: { sign: 'upload', verb: 'pushed' },
  manifest_deleted: { sign: 'trash', verb: 'deleted a manifest of' },
  tag_deleted: { sign: 'trash', verb: 'deleted a tag of' },
  blob_uploaded: { sign: 'upload', verb: 'uploaded a blob to' },
  blob_mounted: { sign: 'layers', verb: 'mounted a blob in' },
  blob_deleted: { sign: 'trash', verb: 'deleted a blob of' },
  repo_deleted: { sign: 'trash', verb: 'deleted' },
  repo_updated: { sign: 'pencil', verb: 'described' },
  token_created: { sign: 'key-round', verb: 'created a token' },
  token_rotated: { sign: 'key-round', verb: 'rotated a token' },
  token_revoked: { sign: 'key-round', verb: 'revoked a token' },
  policy_rule_created: { sign: 'scale', verb: 'created a policy rule' },
  policy_rule_updated: { sign: 'scale', verb: 'changed a policy rule' },
  policy_rule_deleted: { sign: 'scale', verb: 'deleted a policy rule' },
  account_created: { sign: 'users', verb: 'created an account' },
  account_updated: { sign: 'users', verb: 'changed an account' },
  account_deleted: { sign: 'users', verb: 'deleted an account' },
  identity_updated: { sign: 'users', verb: 'blocked or unblocked' },
  identity_deleted: { sign: 'users', verb: 'removed the sign-in of' },
  gc_started: { sign: 'recycle', verb: 'started garbage collection' },
  gc_completed: { sign: 'recycle', verb: 'completed garbage collection' },
  snapshot_created: { sign: 'camera', verb: 'took a snapshot' },
  snapshot_removed: { sign: 'camera', verb: 'removed a snapshot' },
  audit_exported: { sign: 'download', verb: 'exported the audit log' },
};

/** How an event of a type is shown; types without an entry are shown by their name. */
export function kindOfEvent(type: string): Kind {
  return kinds[type as AuditEventType] ?? { sign: 'scroll-text', verb: words(type) };
}

/** A name as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

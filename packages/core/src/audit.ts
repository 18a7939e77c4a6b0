/** All types of audit events. */
export const auditEventTypes = [
  'login',
  'login_failed',
  'logout',
  'policy_deny',
  'manifest_pulled',
  'manifest_pushed',
  'manifest_deleted',
  'tag_deleted',
  'blob_uploaded',
  'blob_mounted',
  'blob_deleted',
  'blob_quarantined',
  'blob_released',
  'manifest_quarantined',
  'manifest_released',
  'repo_deleted',
  'repo_updated',
  'policy_rule_created',
  'policy_rule_updated',
  'policy_rule_deleted',
  'account_created',
  'account_updated',
  'account_deleted',
  'token_created',
  'token_rotated',
  'token_revoked',
  'identity_updated',
  'identity_deleted',
  'delegation_granted',
  'delegation_revoked',
  'gc_started',
  'gc_completed',
  'snapshot_created',
  'snapshot_removed',
  'audit_exported',
  'layers_adopted',
  'fsck_repaired',
] as const;

/** One of {@link auditEventTypes}. */
export type AuditEventType = (typeof auditEventTypes)[number];

/** The actor of an event, as far as it is known. */
export interface Actor {
  /** UUID of the account; absent for the registry itself and for failed logins. */
  readonly id?: string;
  /** Name of the account, as given at login. */
  readonly name?: string;
  /** Address of the peer, or of the client as a trusted proxy names it. */
  readonly ip?: string;
}

/** An audit event. */
export interface AuditEvent {
  readonly type: AuditEventType;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actor: Actor;
  readonly repository?: string;
  readonly digest?: string;
  /** Further details as text: tag, rule id, media type, user agent. Never a secret. */
  readonly details: Readonly<Record<string, string>>;
}

export {
  coversScope,
  isNarrowed,
  isWithinLimits,
  type TokenGrant,
  type TokenScope,
  tokenScopes,
} from './access-token.ts';
export {
  type AttachmentKind,
  attachmentKind,
  attachmentKinds,
  attachmentPatterns,
  attachmentTagEnds,
  attachmentTags,
  signatureTypes,
} from './attachment.ts';
export { type Actor, type AuditEvent, type AuditEventType, auditEventTypes } from './audit.ts';
export { type ByteRange, parseByteRange, parseContentRange } from './byte-range.ts';
export { isJsonObject, type JsonObject } from './descriptor.ts';
export {
  type Digest,
  type DigestAlgorithm,
  digestAlgorithm,
  digestFromHex,
  digestHex,
  digestOf,
  hasDigest,
  isDigest,
  isGrammaticalDigest,
  parseDigest,
} from './digest.ts';
export {
  type ErrorFacts,
  RegistryError,
  type RegistryErrorCode,
  type RegistryErrorOptions,
  registryErrorCodes,
  type UploadPosition,
} from './errors.ts';
export { maxManifestSize, type ParsedManifest, parseManifest } from './manifest.ts';
export { imageManifestTypes, indexTypes, mediaTypes, nondistributableLayerTypes } from './media-types.ts';
export { nodeVersionProblem } from './node-version.ts';
export { maxPageSize, nextLink, parseCursor, parsePageSize } from './pagination.ts';
export { listedPlatforms, platformName } from './platform.ts';
export { builtinRulesOf } from './policy/builtin-rules.ts';
export {
  asDelegated,
  type Delegate,
  delegatedChangeProblem,
  grantProblem,
  isRuleWithin,
  type RuleChange,
} from './policy/delegated-rules.ts';
export { delegationProblem, liesWithin, repositoryActions } from './policy/delegation.ts';
export { type LoadedRule, PolicyEngine } from './policy/engine.ts';
export { type CompiledRule, compileRule, evaluate, sortRules } from './policy/evaluate.ts';
export { compileGlob, type Glob } from './policy/glob.ts';
export { maxGlobLength } from './policy/glob-syntax.ts';
export type { NearMiss } from './policy/near-misses.ts';
export { patternProblem } from './policy/pattern-problem.ts';
export { exceptionProblem, guestProblem, isForEverything, ruleWarnings, scopeProblem } from './policy/rule-problems.ts';
export {
  type Action,
  actions,
  type Decision,
  type Effect,
  type PolicyDefault,
  type PolicyInput,
  type PolicyRule,
  type TokenLimits,
} from './policy/types.ts';
export type { Account } from './principal.ts';
export {
  type AccountType,
  guest,
  isAccountName,
  isAdmin,
  isGuest,
  isReservedName,
  isRole,
  type Principal,
} from './principal.ts';
export { formatReference, isTag, parseReference, parseTag, type Reference, type Tag } from './reference.ts';
export {
  annotationsOfContent,
  describeReferrer,
  type ReferrerDescriptor,
  type ReferrersIndex,
  referrersIndex,
} from './referrer.ts';
export {
  isRepositoryName,
  maxRepositoryNameLength,
  parseRepositoryName,
  type RepositoryName,
} from './repository-name.ts';
export { parseSearchQuery, type SearchQuery } from './search-query.ts';
export { SharedRuns } from './shared-runs.ts';
export { defaultMaxJsonDepth, parseStrictJson, StrictJsonError } from './strict-json.ts';
export { type Clock, systemClock, timeSlices } from './time.ts';
export { commit, version, versionLine } from './version.ts';
export { versionKey } from './version-key.ts';

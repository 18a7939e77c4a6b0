import type { Step } from './_corpus-step.ts';
import { accountSteps } from './_corpus-steps-accounts.ts';
import { auditSteps } from './_corpus-steps-audit.ts';
import { authSteps } from './_corpus-steps-auth.ts';
import { manifestSteps } from './_corpus-steps-manifests.ts';
import { gcSteps, snapshotSteps, statisticSteps } from './_corpus-steps-operation.ts';
import { policySteps } from './_corpus-steps-policy.ts';
import { repositorySteps } from './_corpus-steps-repositories.ts';
import { tagSteps } from './_corpus-steps-tags.ts';
import { transportSteps } from './_corpus-steps-transport.ts';

/**
 * The steps of each subject, which is the name of its recording. A new step goes to the end of its subject, since what it
 * changes shows in those behind it.
 */
export const subjects: Readonly<Record<string, readonly Step[]>> = {
  accounts: accountSteps,
  auth: authSteps,
  policy: policySteps,
  repositories: repositorySteps,
  tags: tagSteps,
  manifests: manifestSteps,
  gc: gcSteps,
  audit: auditSteps,
  snapshots: snapshotSteps,
  statistics: statisticSteps,
  transport: transportSteps,
};

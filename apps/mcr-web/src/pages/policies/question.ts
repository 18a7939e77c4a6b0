import type { MessageInitShape } from '@bufbuild/protobuf';
import { actions } from '@mcr/core';
import type { ExplainPolicyRequestSchema } from '@mcr/rpc/mcr/v1/policy_pb';

/** Who, what, where: what somebody asks the explain panel. */
export interface Question {
  readonly who: string;
  readonly accountType: string;
  readonly roles: string;
  readonly action: string;
  readonly repository: string;
  /** The same for the registry; absent while nothing was asked. */
  readonly request: MessageInitShape<typeof ExplainPolicyRequestSchema> | undefined;
}

/** Reads a question from the parameters of the page. A name alone stands for the local account of that name. */
export function parseQuestion(query: URLSearchParams): Question {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  const [who, accountType, roles, repository] = [text('who'), text('account_type'), text('roles'), text('repository')];
  const asked = text('action');
  const action = actions.find((it) => it === asked) ?? '';
  const list = roles.split(',').map((role) => role.trim());
  const principal = { username: who, accountType, roles: list.filter((role) => role !== '') };
  const isAbout = who !== '' || accountType !== '' || principal.roles.length > 0;
  const request =
    action === '' || !isAbout ? undefined : { principal, action, ...(repository !== '' && { repository }) };
  return { who, accountType, roles, action, repository, request };
}

import type { ServiceContext } from '../../services/context.ts';
import { findPrincipal } from '../../services/identity/find-principal.ts';
import { invalidRequest } from '../invalid-request.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** A UUID of no version that there is. */
const likeUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of an account that a rule names, in lower case: by its UUID, or by its name, which may come to mean another account
 * later, so that the rule has the id. A workload is `workload:NAME`. Throws `PARAMETER_INVALID` for a name that no account has.
 */
export async function subjectOf(
  services: Pick<ServiceContext, 'store' | 'settings'>,
  text: string,
  field: string,
): Promise<string> {
  const id = text.toLowerCase();
  if (uuid.test(id)) return id;
  const found = await findPrincipal(services, text);
  if (found !== undefined) return found.id;
  if (!services.settings.localAccounts) {
    throw invalidRequest([{ field, problem: 'must be the UUID of an account, since another service keeps the names' }]);
  }
  const problem = likeUuid.test(text)
    ? 'must be the UUID or the name of an account'
    : `there is no account ${JSON.stringify(text)}`;
  throw invalidRequest([{ field, problem }]);
}

/** The same for the accounts that a rule excepts. */
export async function exceptedOf(
  services: Pick<ServiceContext, 'store' | 'settings'>,
  texts: readonly string[],
): Promise<readonly string[]> {
  return await Promise.all(texts.map((text, at) => subjectOf(services, text, `except_subjects.${at}`)));
}

/** Who may call a route or a method: everybody, every account, or admins. What they do there is named for the audit log. */
export type Access = 'public' | 'account' | { readonly admin: string };

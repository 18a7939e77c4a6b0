import { finished } from 'node:stream/promises';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { isEventSource, streamHeaders } from '../../http/event-source.ts';
import { asCaller, idleAt } from '../../http/session.ts';
import type { Topic } from '../../live/topics.ts';

/** Browsers whose streams are too many try again after this time. */
const retrySeconds = '60';

/** `GET /live/…`: server-sent events about a topic, for the page that shows it. */
export function liveEvents({ live, registry }: WebContext, topicOf: (c: Context<AppEnv>) => Topic): Handler<AppEnv> {
  return async (c) => {
    const topic = topicOf(c);
    if (!isEventSource(c)) return c.redirect(topic.page, 303);
    if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
    const { session } = c.var;
    if (session === undefined) throw new Error('There is no stream without a session');
    const caller = asCaller(c);
    const { principal } = await registry.auth.whoAmI({}, caller);
    const opened = live.open({
      token: session.token,
      account: principal?.id ?? '',
      caller,
      topic,
      seen: c.req.query('seen') ?? '',
      until: idleAt(session),
      cut: () => c.env.outgoing.destroy(),
      sent: async () => finished(c.env.outgoing).catch(() => {}),
    });
    if (typeof opened !== 'string') return c.body(opened.body, 200, streamHeaders);
    c.header('Retry-After', retrySeconds);
    return c.body(null, opened === 'full' ? 429 : 503);
  };
}

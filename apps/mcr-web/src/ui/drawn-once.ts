import type { Fragment } from './page.ts';

/**
 * Draws what depends on one message of the registry alone, and not on the reader or the time, once for each message: those that are
 * kept for some seconds are shown many times, and a chart takes longer to draw than the rest of its page. What is drawn goes with
 * its message.
 */
export function drawnOnce<Message extends object>(
  draw: (message: Message) => Fragment,
): (message: Message) => Fragment {
  const drawn = new WeakMap<Message, Fragment>();
  return (message) => {
    const known = drawn.get(message);
    if (known !== undefined) return known;
    const made = draw(message);
    drawn.set(message, made);
    return made;
  };
}

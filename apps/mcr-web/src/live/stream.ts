/** Messages that wait for a browser to read; one that is further behind is not reading. */
const maxWaiting = 16;
/** Browsers connect again after this time when a stream ends. */
const retryMs = 4_000;

/** What a stream tells the page. */
export type Message =
  /** Something is new: words for people. */
  | { readonly event: 'news'; readonly text: string }
  /** A part of the page has changed, and can be loaded again. */
  | { readonly event: 'change' }
  /** The session has ended. */
  | { readonly event: 'end' }
  /** This page gets nothing more: its object is gone, or may no longer be seen. */
  | { readonly event: 'stop' };

/** A message as server-sent event: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function encode(message: Message): string {
  const data = message.event === 'news' ? message.text.replaceAll(/[\r\n]+/g, ' ') : '';
  return `event: ${message.event}\ndata: ${data}\n\n`;
}

/** Server-sent events to one browser, in memory that is bounded however slowly it reads. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #onEnd: () => void;
  readonly #cut: () => void;
  #isOpen = true;

  /** `onEnd` is called once, however it ends; `cut` closes the connection of a browser that does not read. */
  constructor({ onEnd, cut }: { readonly onEnd: () => void; readonly cut: () => void }) {
    this.#onEnd = onEnd;
    this.#cut = cut;
    let controller: ReadableStreamDefaultController<Uint8Array>;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (it) => {
          controller = it;
        },
        cancel: () => this.#end(),
      },
      new CountQueuingStrategy({ highWaterMark: maxWaiting }),
    );
    this.#controller = controller!;
    this.#write(`retry: ${retryMs}\n\n`);
  }

  /** Sends a message. */
  send(message: Message): void {
    this.#write(encode(message));
  }

  /** Sends a comment, which keeps proxies from closing the connection, and notices browsers that are gone. */
  beat(): void {
    this.#write(':\n\n');
  }

  /** Ends the response, after the last message. */
  close(last?: Message): void {
    if (!this.#isOpen) return;
    if (last !== undefined) this.send(last);
    if (this.#isOpen) this.#controller.close();
    this.#end();
  }

  #write(text: string): void {
    if (!this.#isOpen) return;
    if ((this.#controller.desiredSize ?? 0) <= 0) {
      this.#controller.error(new Error('The browser does not read'));
      this.#cut();
      this.#end();
    } else this.#controller.enqueue(this.#encoder.encode(text));
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onEnd();
  }
}

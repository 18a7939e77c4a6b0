import type { ChildProcess } from 'node:child_process';

/** A connection on its way to a worker, below any public name of Node. */
interface Handle {
  close(): void;
}

interface Internal {
  readonly cmd?: string;
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

/**
 * Closes the connections that a worker was sent and has not taken when it ends. node:cluster keeps them open in the
 * primary for ever, so that their clients would wait until they time out.
 */
export function closeHandoffs(worker: ChildProcess): void {
  const sent = new Map<number, Handle>();
  const send = worker.send.bind(worker) as (...args: unknown[]) => boolean;
  worker.send = (...args: unknown[]) => {
    const [message, handle] = args as [Internal | undefined, Handle | null | undefined];
    if (message?.act === 'newconn' && message.seq !== undefined && handle) sent.set(message.seq, handle);
    return send(...args);
  };
  worker.on('internalMessage', ({ ack }: Internal) => {
    if (ack !== undefined) sent.delete(ack);
  });
  worker.once('exit', () => {
    for (const handle of sent.values()) handle.close();
    sent.clear();
  });
}

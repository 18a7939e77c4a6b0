import type { IncomingMessage } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { NodeRequest, NodeResponse } from './env.ts';

/** Messages are small: one that takes longer to arrive is held back on purpose. */
const messageTimeoutMs = 30_000;
/** What is to be sent is looked at this often; what is still there at the next look is not being read. */
const untakenMs = 30_000;
/** After a response the client has this long to notice it before its message is cut off. */
const lingerMs = 1_000;

/** Ends a call whose message does not come to its end, or whose response the client does not read. */
export function limitCall(incoming: NodeRequest, outgoing: NodeResponse): void {
  const deadline = setTimeout(() => outgoing.destroy(), messageTimeoutMs);
  incoming.on('end', () => clearTimeout(deadline));
  // A stream without a message to send, as one that watches, may stay.
  let wasUntaken = false;
  const look = setInterval(() => {
    const isUntaken = outgoing.writableEnded || outgoing.writableLength > 0;
    if (isUntaken && wasUntaken) outgoing.destroy();
    wasUntaken = isUntaken;
  }, untakenMs);
  outgoing.on('close', () => {
    clearTimeout(deadline);
    clearInterval(look);
  });
  if ('stream' in incoming) endAfterResponse(incoming.stream);
  else endUnread(incoming, outgoing);
}

/** The rest of a message that was rejected is not read; a client that sends it all the same is told to stop. */
function endAfterResponse(stream: ServerHttp2Stream): void {
  stream.on('finish', () => {
    const linger = setTimeout(() => {
      stream.close(constants.NGHTTP2_NO_ERROR);
      // With bytes that are not read, a closed stream stays until its connection ends.
      stream.destroy();
    }, lingerMs);
    stream.on('close', () => clearTimeout(linger));
  });
}

/** The same for HTTP/1.1: a message that does not end by then takes its connection with it. */
function endUnread(incoming: IncomingMessage, outgoing: NodeResponse): void {
  // Who gives up reading parts the request from it.
  const { socket } = incoming;
  outgoing.once('finish', () => {
    if (incoming.complete) return;
    const linger = setTimeout(() => socket.destroy(), lingerMs);
    incoming.once('end', () => clearTimeout(linger));
    socket.once('close', () => clearTimeout(linger));
    incoming.resume();
  });
}

import { connect, createServer, type Socket } from 'node:net';
import { EslFrameError } from '../../protocol/esl/errors.ts';
import { type EslFrame, EslFrameReader } from '../../protocol/esl/frame.ts';
import { readHeaderLines } from '../../protocol/esl/headers.ts';
import type { FreeSwitchSettings } from '../settings.ts';

/** Why FreeSWITCH can not be used now. The message is for operators and holds no secret. */
export class PreflightError extends Error {
  readonly because: 'unreachable' | 'secret' | 'refused' | 'profile' | 'portInUse';

  constructor(because: PreflightError['because'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PreflightError';
    this.because = because;
  }
}

/** Name of the SIP profile that drachtio-fsmrf looks for. */
const PROFILE = /^\s*drachtio_mrf\s.*sip:mod_sofia@(?:\d{1,3}\.){3}\d{1,3}:\d+/mu;
const WITHIN_MS = 4_000;

/**
 * Looks whether the event socket answers, takes our secret and has the profile, and whether our own
 * port is free. The library meets each of these with a promise that never settles, a hot loop or an
 * exception in a socket callback, so it is only let loose when all is well.
 * @throws PreflightError
 */
export async function preflight(settings: FreeSwitchSettings): Promise<void> {
  await checkOwnPort(settings);
  const socket = connect({ host: settings.host, port: settings.port });
  socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error('no answer in time')));
  try {
    await converse(socket, settings.secret);
  } catch (error) {
    if (error instanceof PreflightError) throw error;
    throw new PreflightError('unreachable', 'FreeSWITCH does not answer on its event socket', {
      cause: error,
    });
  } finally {
    socket.destroy();
  }
}

/** Asks one thing after another; each answer is one frame. */
async function converse(socket: Socket, secret: string): Promise<void> {
  const frames = framesOf(socket);
  const next = async (): Promise<EslFrame> => {
    const { value, done } = await frames.next();
    if (done === true) throw new Error('connection closed');
    return value;
  };
  const greeting = contentType(await next());
  if (greeting === 'text/rude-rejection') {
    throw new PreflightError('refused', 'FreeSWITCH refuses our address (event_socket ACL)');
  }
  if (greeting !== 'auth/request') throw new Error('no event socket');
  socket.write(`auth ${secret}\n\n`);
  const reply = readHeaderLines((await next()).lines).get('reply-text') ?? '';
  if (!reply.startsWith('+OK')) {
    throw new PreflightError('secret', 'FreeSWITCH refused our secret');
  }
  socket.write('api sofia status\n\n');
  let status = await next();
  while (contentType(status) !== 'api/response') status = await next();
  if (!PROFILE.test(status.body)) {
    throw new PreflightError('profile', 'FreeSWITCH has no running profile drachtio_mrf');
  }
}

async function* framesOf(socket: Socket): AsyncGenerator<EslFrame, void> {
  const reader = new EslFrameReader();
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    try {
      yield* reader.push(chunk);
    } catch (error) {
      if (error instanceof EslFrameError) throw new Error('no event socket', { cause: error });
      throw error;
    }
  }
}

function contentType(frame: EslFrame): string | undefined {
  return readHeaderLines(frame.lines).get('content-type');
}

/** The library listens without an error listener: a port in use would end the process. */
async function checkOwnPort({ listenAddress, listenPort }: FreeSwitchSettings): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new PreflightError(
          'portInUse',
          `can not listen on ${listenAddress}:${listenPort} for FreeSWITCH: ${error.message}`,
          { cause: error },
        ),
      );
    });
    server.listen(listenPort, listenAddress, () => resolve());
  });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

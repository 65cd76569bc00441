import { fstatSync } from 'node:fs';
import { createMediaServer, type MediaServer } from './media/server.ts';
import { readSwitchOptions, type SwitchOptions, SwitchOptionsError } from './options.ts';
import { createSignallingServer, type SignallingServer } from './signalling/server.ts';

/** Exit codes: ended as asked, options that cannot be used, a port or file that cannot be had. */
const EXIT = { ended: 0, options: 2, start: 3 } as const;

interface Servers {
  readonly signalling: SignallingServer;
  readonly media: MediaServer;
}

/**
 * The embedded switch as a process of its own. Prints one JSON line with its ports when it is ready, logs JSON
 * lines on standard error, and ends on SIGTERM, SIGINT, or when its parent's channel or pipe closes.
 */
async function main(): Promise<void> {
  const options = readSwitchOptions(process.argv[2], process.env);
  const servers = await start(options);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void stop(servers).finally(() => process.exit(EXIT.ended));
  };
  // A parent that died takes its ends of our pipes with it: there is nobody left to tell.
  process.stdout.on('error', end);
  process.stderr.on('error', end);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  watchParent(end);
  const { signalling, media } = servers;
  process.stdout.write(
    `${JSON.stringify({
      ready: true,
      pid: process.pid,
      drachtio: { address: options.signalling.control.address, port: signalling.controlPort },
      sip: signalling.sip.map(({ protocol, address, port }) => ({ protocol, address, port })),
      freeswitch: media.eventSocket,
      mediaSip: media.sip,
    })}\n`,
  );
}

async function start(options: SwitchOptions): Promise<Servers> {
  const media = await createMediaServer({
    ...options.media,
    log: ({ level, message, detail }) => log(level, message, detail),
  });
  try {
    const signalling = await createSignallingServer({
      ...options.signalling,
      log: ({ level, event, detail }) => log(level, event, detail),
    });
    return { signalling, media };
  } catch (error) {
    await media.close();
    throw error;
  }
}

/**
 * Nobody is left in silence: the far ends of calls get a BYE, also when the application died. Then media, so that
 * its own BYEs still find their way.
 */
async function stop({ signalling, media }: Servers): Promise<void> {
  signalling.hangUpAll('The server stops');
  await media.close();
  await signalling.close();
}

/** An orphan must not go on holding ports: it ends with the channel, or else the pipe, it was started with. */
function watchParent(end: () => void): void {
  if (process.channel !== undefined) {
    process.on('disconnect', end);
    return;
  }
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on('end', end);
  process.stdin.on('error', end);
  process.stdin.resume();
}

function log(level: string, message: string, detail?: Readonly<Record<string, unknown>>): void {
  process.stderr.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, message, ...detail })}\n`,
  );
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  log('error', 'the switch cannot start', { reason });
  process.exitCode = error instanceof SwitchOptionsError ? EXIT.options : EXIT.start;
  setImmediate(() => process.exit());
});

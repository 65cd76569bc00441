import type { Configuration } from '../config/configuration.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';

/** Where the demo keeps its database and recordings, and where its carrier listens. */
export interface DemoPlaces {
  readonly data: string;
  readonly recordings: string;
  readonly carrierPort: number;
}

/**
 * The operators' configuration with shorter times, so that a whole morning fits into a minute; any
 * free ports; and a carrier of the demo's own.
 */
export function demoConfiguration(sample: Configuration, places: DemoPlaces): Configuration {
  const { system } = sample;
  const queues = [...sample.queues].map(([id, queue]) => [id, hurried(queue)] as const);
  const trunks = [...sample.trunks].map(
    ([id, trunk]) =>
      [
        id,
        {
          ...trunk,
          ...(trunk.outbound === undefined
            ? {}
            : { outbound: { ...trunk.outbound, host: '127.0.0.1', port: places.carrierPort } }),
        },
      ] as const,
  );
  return {
    ...sample,
    // It may be night where the demo's numbers are.
    numbers: { ...sample.numbers, callingHours: undefined },
    api: { ...sample.api, server: { ...sample.api.server, enabled: false } },
    queues: new Map(queues),
    trunks: new Map(trunks),
    system: {
      ...system,
      logLevel: 'warn',
      sip: anyPort(system.switch === 'embedded', system.sip),
      drachtio: anyPort(system.switch === 'embedded', system.drachtio),
      freeswitch: {
        ...anyPort(system.switch === 'embedded', system.freeswitch),
        recordingsFolder: places.recordings,
      },
      rtpPorts: { first: 0, last: 0 },
      folders: { ...system.folders, data: places.data, recordings: places.recordings },
    },
  };
}

function hurried(queue: QueueSettings): QueueSettings {
  return {
    ...queue,
    hours: queue.hours,
    expectedHandleSeconds: 120,
    wrapUpSeconds: 1,
    hold: { ...queue.hold, announceEverySeconds: 20 },
    callback: {
      ...queue.callback,
      offering: true,
      offer: { ...queue.callback.offer, aboveSeconds: 10, belowSeconds: 5 },
      // The forecast of staff would change what is told with the time of day.
      slots: undefined,
    },
  };
}

function anyPort<Connection extends { readonly port: number }>(
  embedded: boolean,
  connection: Connection,
): Connection {
  return embedded ? { ...connection, port: 0 } : connection;
}

import type { Configuration, SystemSettings } from './config/configuration.ts';
import type { Engine, EngineState } from './engine/engine.ts';
import type { Health } from './http/ports.ts';
import type { EstimateRecord } from './observe/metrics.ts';
import type { SwitchPorts } from './switch-process.ts';
import type { TelephonySettings } from './telephony/settings.ts';
import type { TelephonyState } from './telephony/telephony.ts';

const MAX_CALLS = 2_000;
/** Enough that a burst of agents becoming free finds an endpoint ready. */
const WARM_ENDPOINTS = 4;
const START_SECONDS = 15;

/** What the telephony adapter needs of the settings, with the ports that the switch really took. */
export function telephonySettings(
  system: SystemSettings,
  ports: SwitchPorts | undefined,
): TelephonySettings {
  const { drachtio, freeswitch, sip } = system;
  return {
    drachtio: { ...drachtio, port: ports?.control ?? drachtio.port },
    freeswitch: { ...freeswitch, port: ports?.eventSocket ?? freeswitch.port },
    recordingsFolder: system.folders.recordings,
    sessionExpiresSeconds: Math.max(sip.sessionExpiresSeconds, sip.minSessionExpiresSeconds),
    minSessionExpiresSeconds: sip.minSessionExpiresSeconds,
    maxCalls: MAX_CALLS,
    warmEndpoints: WARM_ENDPOINTS,
    startSeconds: START_SECONDS,
  };
}

/** How well the waits of each queue were estimated so far. */
export function estimatesOf(
  { waits }: Engine,
  { queues }: Configuration,
): readonly EstimateRecord[] {
  return [...queues.keys()].flatMap((queue) => {
    const record = waits.record(queue);
    if (record === undefined) return [];
    const { count, coverage, biasSeconds } = record.day;
    return [{ queue, count, coverage, biasSeconds }];
  });
}

/** How everything stands, for whoever watches the process. */
export function healthOf(engine: EngineState, telephony: TelephonyState): Health {
  const parts = {
    drachtio: telephony.drachtio === 'up',
    freeswitch: telephony.freeswitch === 'up',
    calls: telephony.ready,
  };
  if (engine.draining) return { status: 'draining', parts };
  return { status: telephony.ready ? 'ok' : 'failing', parts };
}

import type { SystemSettings } from './config/configuration.ts';
import type { SwitchPorts } from './switch-process.ts';
import type { TelephonySettings } from './telephony/settings.ts';

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

import { prompts } from '../../domain/ivr/dialogue.ts';
import type { Utterance } from '../../domain/ivr/speech.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';
import type { AgentScreen } from '../ports.ts';

/** What an agent hears before being joined: "callback, refunds, waited 32 minutes"; nothing if switched off. */
export function whisperOf(
  settings: QueueSettings,
  kind: AgentScreen['reason'],
  waitSeconds: number,
): readonly Utterance[] {
  if (!settings.whisper) return [];
  const who = kind === 'callback' ? 'whisper-callback' : 'whisper-caller';
  const waited: readonly Utterance[] =
    waitSeconds < 60
      ? []
      : [...prompts('whisper-waited'), { say: 'minutes', value: Math.round(waitSeconds / 60) }];
  return [...prompts(who, settings.namePrompt), ...waited];
}

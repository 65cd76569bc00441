import type { LanguageId, QueueId, SkillId } from '../../domain/ids.ts';
import type { Plan } from '../plan.ts';

/** What an agent must be able to do for somebody in line. */
export interface CustomerNeeds {
  readonly language: LanguageId;
  readonly isTty: boolean;
}

/** The skill of agents who have a text telephone. */
const TTY = 'tty';

/** The queue's own skills, the language if it is not the usual one, and text telephones. */
export function skillsFor(
  plan: Plan,
  queue: QueueId,
  { language, isTty }: CustomerNeeds,
): readonly SkillId[] {
  const asked = plan.queues.get(queue)?.skills ?? [];
  const spoken = language === plan.language ? asked : [...asked, language];
  return isTty ? [...spoken, TTY] : spoken;
}

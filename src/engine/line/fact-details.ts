import type { SkillId } from '../../domain/ids.ts';
import type { LedgerFact } from '../ports.ts';
import type { WaitView } from '../ticket-office.ts';

/** What an agent must know; nothing where it is nothing. */
export function skillsDetail(skills: readonly SkillId[]): LedgerFact['detail'] {
  return skills.length === 0 ? {} : { skills: skills.join(' ') };
}

/** A wait in whole seconds; nothing where it has no end, since nobody works. */
export function waitDetail({ seconds, lowSeconds, highSeconds }: WaitView): LedgerFact['detail'] {
  if (!Number.isFinite(seconds) || !Number.isFinite(highSeconds)) return {};
  return {
    waitSeconds: Math.round(seconds),
    lowSeconds: Math.round(lowSeconds),
    highSeconds: Math.round(highSeconds),
  };
}

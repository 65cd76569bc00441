import type { LedgerVerdict } from '../store/ledger/ledger-check.ts';

/** What the check of the ledger found, in a sentence. */
export function verdictText(verdict: LedgerVerdict): string {
  if (verdict.ok) {
    return `The ledger is as it was written: all ${verdict.entries} entries were checked against their chain.`;
  }
  switch (verdict.problem) {
    case 'changed':
      return `THE LEDGER WAS CHANGED: entry ${verdict.position} is not what was written. Nothing above is proved.`;
    case 'missing':
      return `THE LEDGER WAS CHANGED: entry ${verdict.position} is missing. Nothing above is proved.`;
    case 'head':
      return 'THE LEDGER WAS CHANGED: its end does not fit its seal. Nothing above is proved.';
  }
}

import type { ChannelState } from './states.ts';

/** An application in a dialplan. */
export interface DialplanStep {
  readonly application: string;
  readonly argument: string;
}

/** Where a channel goes next in place of what it was doing. */
export type Redirection =
  | { readonly kind: 'extension'; readonly steps: readonly DialplanStep[] }
  | { readonly kind: 'bridge'; readonly run: () => Promise<void> }
  | { readonly kind: 'park' };

/** What `Channel-State-Number` says from the moment a channel is sent elsewhere. */
export const STATE_OF_REDIRECTION: Readonly<Record<Redirection['kind'], ChannelState>> = {
  extension: 'CS_ROUTING',
  bridge: 'CS_HIBERNATE',
  park: 'CS_PARK',
};

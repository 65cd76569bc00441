import type { TestContext } from 'vitest';
import type { HelpLine } from './help-line.ts';
import { PromptEar } from './prompt-ear.ts';
import { answeringCustomer } from './sipp-customer.ts';

/** A telephone that answers its one call, says only what it is told to, and never hangs up. */
export interface AnsweredTelephone {
  readonly ear: PromptEar;
  /** Resolves when the call has been hung up. */
  readonly over: () => Promise<void>;
}

/** Stands at `number` from now on, behind the trunk. */
export async function answeredTelephone(
  context: TestContext,
  { server, carrier }: HelpLine,
  number: string,
): Promise<AnsweredTelephone> {
  const ear = await PromptEar.open();
  const run = await answeringCustomer(server.sip, ear.sdp());
  context.onTestFinished(async () => {
    ear.close();
    await run.abort();
  });
  carrier.connect(number, run.port);
  return { ear, over: () => run.finished().then(() => undefined) };
}

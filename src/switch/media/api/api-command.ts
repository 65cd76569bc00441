import type { MediaContext } from '../context.ts';

/** An api command: gets what stands behind its name and gives what is answered, as FreeSWITCH would word it. */
export type ApiCommand = (context: MediaContext, argument: string) => string | Promise<string>;

export type ApiTable = ReadonlyMap<string, ApiCommand>;

/** Answers in common (mod_commands.c). */
export const OK = '+OK\n';
export const NO_SUCH_CHANNEL = '-ERR No such channel!\n';

/** Runs an api command; what is not known is refused in FreeSWITCH's words, never with silence. */
export async function runApi(
  table: ApiTable,
  context: MediaContext,
  name: string,
  argument: string,
): Promise<string> {
  const command = table.get(name.toLowerCase());
  if (command === undefined) return `-ERR ${name} Command not found!\n`;
  try {
    return await command(context, argument.trim());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.log({
      level: 'error',
      message: 'api command failed',
      detail: { command: name.slice(0, 40), reason },
    });
    return '-ERR internal error\n';
  }
}

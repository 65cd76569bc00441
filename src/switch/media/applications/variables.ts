import { separate } from '../arguments.ts';
import type { Channel } from '../channel/channel.ts';
import type { Application } from './application.ts';

/** `set name=value`; without a value the variable is taken out. */
export const set: Application = (channel, argument) => assign(channel, argument);

/** `export [nolocal:]name=value`: as set, and named in `export_vars` for legs this one would make. */
export const exportVariable: Application = (channel, argument) => {
  const assignment = argument.replace(/^(nolocal:|_nolocal_)/, '');
  assign(channel, assignment);
  const name = assignment.split('=')[0]?.trim() ?? '';
  const before = channel.variables.get('export_vars');
  const names = before === undefined ? [] : before.split(',');
  if (name !== '' && !names.includes(name)) {
    channel.variables.set('export_vars', [...names, name].join(','));
  }
};

/** `multiset a=1 b=2`, or `multiset ^^;a=1;b=2` with another separator. */
export const multiset: Application = (channel, argument) => {
  for (const assignment of separate(argument)) assign(channel, assignment);
};

export const unset: Application = (channel, argument) => {
  channel.variables.set(argument.trim(), undefined);
};

export const multiunset: Application = (channel, argument) => {
  for (const name of separate(argument)) channel.variables.set(name, undefined);
};

function assign(channel: Channel, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals < 1) {
    channel.context.log({
      level: 'error',
      message: 'no variable name given',
      detail: { channel: channel.uuid },
    });
    return;
  }
  const value = assignment.slice(equals + 1).replace(/^ +/, '');
  if (
    !channel.variables.set(
      assignment.slice(0, equals).trim(),
      value === '_undef_' ? undefined : value,
    )
  ) {
    channel.context.log({
      level: 'error',
      message: 'channel variable limit',
      detail: { channel: channel.uuid },
    });
  }
}

/** How a member takes part; the words are FreeSWITCH's `flags{a|b}`. What is not known here changes nothing. */
export interface MemberFlags {
  readonly mute: boolean;
  readonly deaf: boolean;
  /** The conference ends when the last such member leaves. */
  readonly endconf: boolean;
  readonly moderator: boolean;
  readonly ghost: boolean;
  /** Only joins a conference that exists. */
  readonly joinOnly: boolean;
  /** The key press of a member is told to nobody but events. */
  readonly distDtmf: boolean;
}

/** `name[@profile][+[pin][+flags{a|b}]]`, the argument of the conference application. */
export interface ConferenceTarget {
  readonly name: string;
  readonly profile: string;
  readonly pin: string;
  readonly flags: MemberFlags;
}

export function readTarget(argument: string): ConferenceTarget {
  const match = /^(.*?)\+?flags\{([^}]*)\}/.exec(argument);
  const words = new Set((match?.[2] ?? '').split('|').map((word) => word.trim().toLowerCase()));
  const [address = '', pin = ''] = (match?.[1] ?? argument).split('+');
  const [name = '', profile = 'default'] = address.split('@');
  return { name: name.trim(), profile, pin, flags: readFlags(words) };
}

function readFlags(words: ReadonlySet<string>): MemberFlags {
  return {
    mute: words.has('mute'),
    deaf: words.has('deaf'),
    endconf: words.has('endconf'),
    moderator: words.has('moderator'),
    ghost: words.has('ghost'),
    joinOnly: words.has('join-only'),
    distDtmf: words.has('dist-dtmf'),
  };
}

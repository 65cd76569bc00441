/** PCMU and PCMA, as payload types of RFC 3551. */
const G711: ReadonlySet<string> = new Set(['0', '8']);

/** True if RFC 4733 was agreed on at the telephone's rate. */
export function hasTelephoneEvent(sdp: string): boolean {
  return /^a=rtpmap:\d{1,3}\s+telephone-event\/8000/imu.test(sdp);
}

/**
 * The description with its audio cut down to G.711 and telephone-event/8000, so that FreeSWITCH
 * can choose nothing else (RFC 3264 section 5.1). Undefined if there is no plain RTP audio with
 * G.711: that is a 488. Line ends become CR LF.
 */
export function onlyG711(sdp: string): string | undefined {
  const sections = splitSections(sdp);
  const [session, ...media] = sections;
  if (session === undefined) return undefined;
  let usable = false;
  const kept = media.map((section) => {
    const cut = cutAudio(section);
    if (cut !== undefined && !/^m=audio 0[ /]/u.test(cut[0] ?? '')) usable = true;
    return cut ?? refused(section);
  });
  return usable ? `${[session, ...kept].flat().join('\r\n')}\r\n` : undefined;
}

/** Session section first, then one section for each `m=` line. */
function splitSections(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.split(/\r\n|\n|\r/u)) {
    if (line === '') continue;
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

const AUDIO_LINE = /^m=audio (\d{1,5}(?:\/\d{1,3})?) RTP\/AVP ([\d ]{1,200})$/u;

/** Undefined if this section is no plain RTP audio with G.711. */
function cutAudio(section: readonly string[]): string[] | undefined {
  const [first = '', ...lines] = section;
  const parts = AUDIO_LINE.exec(first.trimEnd());
  if (parts === null) return undefined;
  const [, port = '0', formats = ''] = parts;
  const events = new Set<string>();
  for (const line of lines) {
    const event = /^a=rtpmap:(\d{1,3})\s+telephone-event\/8000\s*$/iu.exec(line);
    if (event?.[1] !== undefined) events.add(event[1]);
  }
  const offered = formats.split(' ').filter((format) => format !== '');
  const kept = offered.filter((format) => G711.has(format) || events.has(format));
  if (!kept.some((format) => G711.has(format))) return undefined;
  const keptSet = new Set(kept);
  return [
    `m=audio ${port} RTP/AVP ${kept.join(' ')}`,
    ...lines.filter((line) => {
      const attribute = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d{1,3})\b/u.exec(line);
      return attribute?.[1] === undefined || keptSet.has(attribute[1]);
    }),
  ];
}

/** A section refused in place: port zero, its formats kept (RFC 3264 section 6). */
function refused(section: readonly string[]): string[] {
  const [first = ''] = section;
  return [first.replace(/^(m=\S+) \S+/u, '$1 0')];
}

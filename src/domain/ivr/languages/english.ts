import type { SoundName } from '../sound-name.ts';
import {
  type Language,
  numbered,
  type SpokenDay,
  type SpokenSlot,
  type SpokenWait,
  type TimeOfDay,
  WORDLESS_PARTS,
  zoneParts,
  zoneWords,
} from './language.ts';

const ONES = 'zero one two three four five six seven eight nine';
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth ' +
  'fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first ' +
  'twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh ' +
  'twenty-eighth twenty-ninth thirtieth thirty-first';
const MONTHS =
  'January February March April May June July August September October November December';

/** American English. */
export const ENGLISH: Language = {
  id: 'en',
  parts: new Map<SoundName, string | undefined>([
    ...numbered('digits', ONES),
    ...numbered('numbers', `${ONES} ${TEENS} twenty`),
    ['numbers/30', 'thirty'],
    ['numbers/40', 'forty'],
    ['numbers/50', 'fifty'],
    ['numbers/60', 'sixty'],
    ['numbers/70', 'seventy'],
    ['numbers/80', 'eighty'],
    ['numbers/90', 'ninety'],
    ['words/hundred', 'hundred'],
    ['words/thousand', 'thousand'],
    ['words/minute', 'minute'],
    ['words/minutes', 'minutes'],
    ['words/about', 'about'],
    ['words/between', 'between'],
    ['words/and', 'and'],
    ['words/less-than', 'less than'],
    ['words/less-than-one-minute', 'less than one minute'],
    ['words/more-than', 'more than'],
    ['words/more-than-one-hour', 'more than one hour'],
    ['words/star', 'star'],
    ['words/pound', 'pound'],
    ['words/today', 'today'],
    ['words/tomorrow', 'tomorrow'],
    ['words/oh', 'oh'],
    ['words/am', 'A M'],
    ['words/pm', 'P M'],
    ['words/noon', 'noon'],
    ['words/midnight', 'midnight'],
    ['weekdays/mon', 'on Monday'],
    ['weekdays/tue', 'on Tuesday'],
    ['weekdays/wed', 'on Wednesday'],
    ['weekdays/thu', 'on Thursday'],
    ['weekdays/fri', 'on Friday'],
    ['weekdays/sat', 'on Saturday'],
    ['weekdays/sun', 'on Sunday'],
    ...numbered('months', MONTHS, 1),
    ...numbered('days', ORDINALS, 1),
    ...zoneParts({
      atlantic: 'Atlantic time',
      eastern: 'eastern time',
      central: 'central time',
      mountain: 'mountain time',
      arizona: 'Arizona time',
      pacific: 'pacific time',
      alaska: 'Alaska time',
      hawaii: 'Hawaii time',
    }),
    ...WORDLESS_PARTS,
  ]),
  wholeNumber,
  wait,
  slot,
};

function wholeNumber(value: number): readonly SoundName[] {
  if (value < 1000) return belowThousand(value);
  const rest = value % 1000;
  return [
    ...belowThousand(Math.trunc(value / 1000)),
    'words/thousand',
    ...(rest === 0 ? [] : belowThousand(rest)),
  ];
}

function belowThousand(value: number): readonly SoundName[] {
  if (value < 100) return belowHundred(value);
  const rest = value % 100;
  return [
    `numbers/${Math.trunc(value / 100)}`,
    'words/hundred',
    ...(rest === 0 ? [] : belowHundred(rest)),
  ];
}

function belowHundred(value: number): readonly SoundName[] {
  if (value <= 20 || value % 10 === 0) return [`numbers/${value}`];
  return [`numbers/${value - (value % 10)}`, `numbers/${value % 10}`];
}

function wait(spoken: SpokenWait): readonly SoundName[] {
  switch (spoken.kind) {
    case 'exactly':
      return minutes(spoken.minutes);
    case 'about':
      return ['words/about', ...minutes(spoken.minutes)];
    case 'between':
      return [
        'words/between',
        ...wholeNumber(spoken.lowMinutes),
        'words/and',
        ...minutes(spoken.highMinutes),
      ];
    case 'lessThan':
      return spoken.minutes === 1
        ? ['words/less-than-one-minute']
        : ['words/less-than', ...minutes(spoken.minutes)];
    case 'moreThan':
      return ['words/more-than', ...minutes(spoken.minutes)];
    case 'moreThanOneHour':
      return ['words/more-than-one-hour'];
  }
}

function minutes(value: number): readonly SoundName[] {
  return [...wholeNumber(value), value === 1 ? 'words/minute' : 'words/minutes'];
}

function slot({ day, from, to, zone }: SpokenSlot): readonly SoundName[] {
  // "between 2 and 2 30 p m": what both share is said once.
  const shared = half(from) !== undefined && half(from) === half(to);
  const start = shared ? clock(from) : [...clock(from), ...halfWord(from)];
  return [
    ...dayWords(day),
    'words/between',
    ...start,
    'words/and',
    ...clock(to),
    ...halfWord(to),
    ...zoneWords(zone),
  ];
}

function dayWords(day: SpokenDay): readonly SoundName[] {
  switch (day.kind) {
    case 'today':
    case 'tomorrow':
      return [`words/${day.kind}`];
    case 'weekday':
      return [`weekdays/${day.weekday}`];
    case 'date':
      return [`weekdays/${day.weekday}`, `months/${day.month}`, `days/${day.dayOfMonth}`];
  }
}

function clock({ hour, minute }: TimeOfDay): readonly SoundName[] {
  if (minute === 0 && hour === 0) return ['words/midnight'];
  if (minute === 0 && hour === 12) return ['words/noon'];
  const spoken: readonly SoundName[] = [`numbers/${hour % 12 === 0 ? 12 : hour % 12}`];
  if (minute === 0) return spoken;
  return minute < 10
    ? [...spoken, 'words/oh', `numbers/${minute}`]
    : [...spoken, ...belowHundred(minute)];
}

function halfWord(time: TimeOfDay): readonly SoundName[] {
  const known = half(time);
  return known === undefined ? [] : [`words/${known}`];
}

/** Noon and midnight say it themselves. */
function half({ hour, minute }: TimeOfDay): 'am' | 'pm' | undefined {
  if (minute === 0 && hour % 12 === 0) return undefined;
  return hour < 12 ? 'am' : 'pm';
}

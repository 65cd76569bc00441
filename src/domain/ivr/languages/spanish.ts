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

const DIGITS = 'cero uno dos tres cuatro cinco seis siete ocho nueve';
const TEENS =
  'diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte ' +
  'veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho ' +
  'veintinueve';

/** Spanish of the Americas. Numbers are joined as the Ortografía of the RAE has it (2010, VIII). */
export const SPANISH: Language = {
  id: 'es',
  parts: new Map<SoundName, string | undefined>([
    ...numbered('digits', DIGITS),
    ...numbered('numbers', `${DIGITS} ${TEENS}`),
    ['numbers/30', 'treinta'],
    ['numbers/40', 'cuarenta'],
    ['numbers/50', 'cincuenta'],
    ['numbers/60', 'sesenta'],
    ['numbers/70', 'setenta'],
    ['numbers/80', 'ochenta'],
    ['numbers/90', 'noventa'],
    ['numbers/100', 'cien'],
    ['numbers/200', 'doscientos'],
    ['numbers/300', 'trescientos'],
    ['numbers/400', 'cuatrocientos'],
    ['numbers/500', 'quinientos'],
    ['numbers/600', 'seiscientos'],
    ['numbers/700', 'setecientos'],
    ['numbers/800', 'ochocientos'],
    ['numbers/900', 'novecientos'],
    ['words/hundred', 'ciento'],
    ['words/thousand', 'mil'],
    ['words/one', 'un'],
    ['words/twenty-one', 'veintiún'],
    ['words/and', 'y'],
    ['words/minute', 'minuto'],
    ['words/minutes', 'minutos'],
    ['words/about', 'aproximadamente'],
    ['words/between', 'entre'],
    ['words/less-than', 'menos de'],
    ['words/more-than', 'más de'],
    ['words/more-than-one-hour', 'más de una hora'],
    ['words/star', 'asterisco'],
    ['words/pound', 'numeral'],
    ['words/today', 'hoy'],
    ['words/tomorrow', 'mañana'],
    ['words/the-one', 'la una'],
    ['words/the', 'las'],
    ['words/in-the-early-hours', 'de la madrugada'],
    ['words/in-the-morning', 'de la mañana'],
    ['words/at-noon', 'del mediodía'],
    ['words/in-the-afternoon', 'de la tarde'],
    ['words/at-night', 'de la noche'],
    ['weekdays/mon', 'el lunes'],
    ['weekdays/tue', 'el martes'],
    ['weekdays/wed', 'el miércoles'],
    ['weekdays/thu', 'el jueves'],
    ['weekdays/fri', 'el viernes'],
    ['weekdays/sat', 'el sábado'],
    ['weekdays/sun', 'el domingo'],
    ['days/1', 'primero'],
    ['months/1', 'de enero'],
    ['months/2', 'de febrero'],
    ['months/3', 'de marzo'],
    ['months/4', 'de abril'],
    ['months/5', 'de mayo'],
    ['months/6', 'de junio'],
    ['months/7', 'de julio'],
    ['months/8', 'de agosto'],
    ['months/9', 'de septiembre'],
    ['months/10', 'de octubre'],
    ['months/11', 'de noviembre'],
    ['months/12', 'de diciembre'],
    ...zoneParts({
      atlantic: 'hora del Atlántico',
      eastern: 'hora del este',
      central: 'hora del centro',
      mountain: 'hora de la montaña',
      arizona: 'hora de Arizona',
      pacific: 'hora del Pacífico',
      alaska: 'hora de Alaska',
      hawaii: 'hora de Hawái',
    }),
    ...WORDLESS_PARTS,
  ]),
  wholeNumber: (value) => wholeNumber(value, 'alone'),
  wait,
  slot,
};

/** Before a noun `uno` loses its last letter: "treinta y un minutos", "veintiún mil". */
type Standing = 'alone' | 'beforeNoun';

function wholeNumber(value: number, standing: Standing): readonly SoundName[] {
  if (value < 1000) return belowThousand(value, standing);
  const thousands = Math.trunc(value / 1000);
  const rest = value % 1000;
  return [
    // 1,000 is "mil", not "un mil".
    ...(thousands === 1 ? [] : belowThousand(thousands, 'beforeNoun')),
    'words/thousand',
    ...(rest === 0 ? [] : belowThousand(rest, standing)),
  ];
}

function belowThousand(value: number, standing: Standing): readonly SoundName[] {
  if (value < 100) return belowHundred(value, standing);
  const rest = value % 100;
  const hundreds = value - rest;
  if (rest === 0) return [`numbers/${hundreds}`];
  // 100 alone is "cien", with more it is "ciento".
  const spoken: SoundName = hundreds === 100 ? 'words/hundred' : `numbers/${hundreds}`;
  return [spoken, ...belowHundred(rest, standing)];
}

function belowHundred(value: number, standing: Standing): readonly SoundName[] {
  if (value < 30 || value % 10 === 0) return [belowThirty(value, standing)];
  const ones = value % 10;
  return [`numbers/${value - ones}`, 'words/and', belowThirty(ones, standing)];
}

function belowThirty(value: number, standing: Standing): SoundName {
  if (standing === 'beforeNoun' && value === 1) return 'words/one';
  if (standing === 'beforeNoun' && value === 21) return 'words/twenty-one';
  return `numbers/${value}`;
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
        ...wholeNumber(spoken.lowMinutes, 'beforeNoun'),
        'words/and',
        ...minutes(spoken.highMinutes),
      ];
    case 'lessThan':
      return ['words/less-than', ...minutes(spoken.minutes)];
    case 'moreThan':
      return ['words/more-than', ...minutes(spoken.minutes)];
    case 'moreThanOneHour':
      return ['words/more-than-one-hour'];
  }
}

function minutes(value: number): readonly SoundName[] {
  return [...wholeNumber(value, 'beforeNoun'), value === 1 ? 'words/minute' : 'words/minutes'];
}

function slot({ day, from, to, zone }: SpokenSlot): readonly SoundName[] {
  // "entre las dos y las dos y treinta de la tarde": what both share is said once.
  const start = partOfDay(from) === partOfDay(to) ? clock(from) : [...clock(from), partOfDay(from)];
  return [
    ...dayWords(day),
    'words/between',
    ...start,
    'words/and',
    ...clock(to),
    partOfDay(to),
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
      return [
        `weekdays/${day.weekday}`,
        ...(day.dayOfMonth === 1 ? (['days/1'] as const) : belowHundred(day.dayOfMonth, 'alone')),
        `months/${day.month}`,
      ];
  }
}

function clock({ hour, minute }: TimeOfDay): readonly SoundName[] {
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const hours: readonly SoundName[] =
    twelve === 1 ? ['words/the-one'] : ['words/the', `numbers/${twelve}`];
  return minute === 0 ? hours : [...hours, 'words/and', ...belowHundred(minute, 'alone')];
}

function partOfDay({ hour }: TimeOfDay): SoundName {
  if (hour === 0) return 'words/at-night';
  if (hour < 6) return 'words/in-the-early-hours';
  if (hour < 12) return 'words/in-the-morning';
  if (hour === 12) return 'words/at-noon';
  return hour < 20 ? 'words/in-the-afternoon' : 'words/at-night';
}

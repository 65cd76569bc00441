/** Time zones that people have a plain name for. */
export type ZoneName =
  | 'atlantic'
  | 'eastern'
  | 'central'
  | 'mountain'
  | 'arizona'
  | 'pacific'
  | 'alaska'
  | 'hawaii';

/**
 * Zones of the IANA database by the name that their people use: 49 CFR 71 for the United States, the
 * provinces' own for Canada. Arizona keeps standard time all year, which is neither of its neighbours'.
 */
const ZONES: Readonly<Record<ZoneName, string>> = {
  atlantic: `America/Halifax America/Moncton America/Glace_Bay America/Goose_Bay America/Puerto_Rico
    America/St_Thomas Canada/Atlantic Atlantic/Bermuda`,
  eastern: `America/New_York America/Detroit America/Toronto America/Iqaluit America/Nassau
    America/Fort_Wayne America/Indianapolis America/Louisville America/Montreal America/Thunder_Bay
    America/Nipigon America/Pangnirtung America/Indiana/Indianapolis America/Indiana/Marengo
    America/Indiana/Petersburg America/Indiana/Vevay America/Indiana/Vincennes
    America/Indiana/Winamac America/Kentucky/Louisville America/Kentucky/Monticello
    US/Eastern US/Michigan US/East-Indiana Canada/Eastern EST5EDT`,
  central: `America/Chicago America/Menominee America/Indiana/Knox America/Indiana/Tell_City
    America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem
    America/Winnipeg America/Rainy_River America/Rankin_Inlet America/Resolute America/Knox_IN
    US/Central US/Indiana-Starke Canada/Central CST6CDT`,
  mountain: `America/Denver America/Boise America/Edmonton America/Yellowknife America/Inuvik
    America/Cambridge_Bay America/Shiprock US/Mountain Canada/Mountain MST7MDT Navajo`,
  arizona: 'America/Phoenix US/Arizona',
  pacific: 'America/Los_Angeles America/Vancouver US/Pacific Canada/Pacific PST8PDT',
  alaska: `America/Anchorage America/Juneau America/Sitka America/Nome America/Yakutat
    America/Metlakatla US/Alaska`,
  hawaii: 'Pacific/Honolulu Pacific/Johnston US/Hawaii',
};

const NAMES: ReadonlyMap<string, ZoneName> = new Map(
  Object.entries(ZONES).flatMap(([name, zones]) =>
    zones.split(/\s+/u).map((zone) => [zone, name as ZoneName] as const),
  ),
);

/** What people call a time zone; undefined for one without such a name, as UTC. */
export function zoneName(timeZone: string): ZoneName | undefined {
  return NAMES.get(timeZone);
}

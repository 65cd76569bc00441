/** Identifiers carry their kind in their first letters, so that one cannot be taken for another. */
export type CallId = `call-${string}`;
export type TicketId = `ticket-${string}`;
export type RecordingId = `rec-${string}`;

/** Names that operators give in `config/`. */
export type QueueId = string;
export type AgentId = string;
export type MenuId = string;
export type TrunkId = string;
export type HoursId = string;
export type PromptId = string;
export type SkillId = string;

/** A set of prompts, by ISO 639-1: `en`, `es`. */
export type LanguageId = string;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** A telephone number in E.164 form with its plus sign. */
export type E164 = `+${string}`;

/** ISO 3166-2 of a state or province (`US-AL`), ISO 3166-1 of a country or territory (`PR`). */
export type RegionId = string;

/** ISO 3166-1, two letters. */
export type CountryCode = string;

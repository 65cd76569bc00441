/** What this profile says of itself, as the project's FreeSWITCH configuration has it. */
export const USER_AGENT = 'freeswitch-mrf';
export const ALLOW = 'INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, NOTIFY';
export const SUPPORTED = 'path, replaces';

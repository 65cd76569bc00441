import { resolve } from 'node:path';
import type { ApiSettings } from '../domain/access/settings.ts';
import type { MessageSettings, TextOccasion } from '../domain/notification/settings.ts';
import type { FileContents } from './schema/files.ts';

/** `api.yaml` after every check, with paths and maps in place of what was written. */
export function apiSettings(file: FileContents['api.yaml'], folder: string): ApiSettings {
  const { tls } = file.server;
  return {
    server: {
      ...file.server,
      tls:
        tls === undefined
          ? undefined
          : {
              keyFile: resolve(folder, tls.keyFile),
              certificateFile: resolve(folder, tls.certificateFile),
            },
    },
    rateLimits: file.rateLimits,
    keys: new Map(Object.entries(file.keys)),
    webhooks: new Map(Object.entries(file.webhooks)),
    messages: messageSettings(file.messages),
  };
}

function messageSettings(written: FileContents['api.yaml']['messages']): MessageSettings {
  const wording = (occasion: TextOccasion) =>
    new Map(Object.entries(written.texts[occasion] ?? {}));
  return {
    provider: written.provider,
    http: written.http,
    texts: {
      registered: wording('registered'),
      booked: wording('booked'),
      missed: wording('missed'),
      cancelled: wording('cancelled'),
      ended: wording('ended'),
    },
  };
}

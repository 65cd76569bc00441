import { createHmac } from 'node:crypto';

/**
 * The header webhook-signature of Standard Webhooks: for each secret `v1,` and the HMAC-SHA256 of id,
 * time and body in base64. A receiver takes it if any of them fits, so that secrets can be changed.
 * `secrets` are `whsec_` and the key in base64.
 */
export function signature(
  secrets: readonly string[],
  event: { readonly id: string; readonly atSeconds: number; readonly body: string },
): string {
  const signed = `${event.id}.${event.atSeconds}.${event.body}`;
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    })
    .join(' ');
}

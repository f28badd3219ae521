/** Headers of the Standard Webhooks scheme. */
import { Webhook } from 'standardwebhooks'

/**
 * Signs a body with each secret, so that the receiver may know any of them. A secret is `whsec_` and base64; other text is
 * used as it is. `at`: milliseconds since the epoch.
 */
export function signWebhook(
  secrets: readonly string[],
  message: { readonly id: string; readonly body: string; readonly at: number },
): Record<string, string> {
  const at = new Date(message.at)
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(message.at / 1_000)),
    'webhook-signature': secrets.map((one) => webhookOf(one).sign(message.id, at, message.body)).join(' '),
  }
}

const webhookOf = (secret: string): Webhook =>
  secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(Buffer.from(secret), { format: 'raw' })

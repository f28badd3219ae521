/** Headers of the Standard Webhooks scheme. */
import { Webhook } from 'standardwebhooks'

/** Signs a body. `secret`: `whsec_` and base64; other text is used as it is. `at`: milliseconds since the epoch. */
export function signWebhook(
  secret: string,
  message: { readonly id: string; readonly body: string; readonly at: number },
): Record<string, string> {
  const webhook = secret.startsWith('whsec_')
    ? new Webhook(secret)
    : new Webhook(Buffer.from(secret), { format: 'raw' })
  const at = new Date(message.at)
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(message.at / 1_000)),
    'webhook-signature': webhook.sign(message.id, at, message.body),
  }
}

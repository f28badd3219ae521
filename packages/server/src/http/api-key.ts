/** `Authorization: Token KEY`: a key belongs to one app; the server knows only its SHA-256. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { ChatError } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { createBuckets } from '../limits/rate-limits.ts'

/** Compared with if there is no such app, so that both answers look the same. */
const NO_KEY = Buffer.alloc(32)

const keyOf = (authorization: string | undefined) =>
  /^Token +([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1]

const hashOf = (authorization: string | undefined) =>
  createHash('sha256')
    .update(keyOf(authorization) ?? '')
    .digest('hex')

/**
 * Returns the app if the header holds one of its keys. Throws `unauthenticated`, alike for a missing or wrong key, for
 * another app's key and for an unknown app.
 */
export function authorizeApp(
  apps: readonly AppConfig[],
  id: string,
  authorization: string | undefined,
): AppConfig {
  const key = keyOf(authorization)
  const given = createHash('sha256')
    .update(key ?? '')
    .digest()
  const app = apps.find((candidate) => candidate.id === id)
  const hashes = app?.apiKeyHashes.map((hash) => Buffer.from(hash, 'hex')) ?? [NO_KEY]
  // Compares with every hash, so that the time does not tell which one matches.
  const fitting = hashes.filter((hash) => hash.length === given.length && timingSafeEqual(hash, given)).length
  if (key === undefined || app === undefined || fitting === 0)
    throw new ChatError('unauthenticated', 'give a key of this app: Authorization: Token KEY')
  return app
}

const MINUTE_S = 60

/** [RS3] Limits requests by key, where the operator has set a rate. */
export function createKeyLimits(apps: readonly AppConfig[]) {
  const buckets = createBuckets()
  return {
    /** As `authorizeApp`; also throws `rate-limited`. */
    authorize(id: string, authorization: string | undefined): AppConfig {
      const app = authorizeApp(apps, id, authorization)
      const hash = hashOf(authorization)
      const perMinute = app.apiKeyRates?.[hash]
      if (perMinute === undefined) return app
      // The rate is part of the name: a new one takes effect at once.
      const rate = { burst: perMinute, perSecond: perMinute / MINUTE_S }
      const retryAfterMs = buckets(`${id} ${hash} ${perMinute}`, rate).take()
      if (retryAfterMs > 0)
        throw new ChatError('rate-limited', 'too many requests with this key; try again later', {
          retryAfterMs,
        })
      return app
    },
  }
}

export type KeyLimits = ReturnType<typeof createKeyLimits>

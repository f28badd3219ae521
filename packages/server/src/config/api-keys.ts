/** Keys of an app's REST interface: the server knows only their SHA-256. */
import { z } from 'zod'
import type { AppConfig } from './config.ts'

const keyHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/i, 'must be sha256: and 64 hexadecimal digits')
  .transform((key) => key.slice('sha256:'.length).toLowerCase())

export const apiKey = z.union([
  keyHash.transform((key) => ({ key })),
  z.strictObject({ key: keyHash, requestsPerMinute: z.int().min(1).exactOptional() }),
])

export function ratesOf(keys: readonly z.output<typeof apiKey>[]): Pick<AppConfig, 'apiKeyRates'> {
  const rates = keys.flatMap((one) =>
    'requestsPerMinute' in one && one.requestsPerMinute !== undefined
      ? [[one.key, one.requestsPerMinute] as const]
      : [],
  )
  return rates.length === 0 ? {} : { apiKeyRates: Object.fromEntries(rates) }
}

/** As a configuration file has it. */
export function writtenKey(hash: string, rates: Readonly<Record<string, number>>) {
  const key = `sha256:${hash}`
  const requestsPerMinute = rates[hash]
  return requestsPerMinute === undefined ? key : { key, requestsPerMinute }
}

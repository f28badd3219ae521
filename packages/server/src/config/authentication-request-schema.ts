/** `authenticationRequests` of an app: how many requests may be made. */
import { z } from 'zod'
import { type CreationLimits, DEFAULT_REQUEST_LIMITS } from '../authentication-requests/request-limits.ts'

const count = (byDefault: number) => z.int().min(1).max(1_000_000).default(byDefault)

/** What is left out has its default. */
function limitsWith(defaults: CreationLimits) {
  const shape = {
    addresseeBurst: count(defaults.addresseeBurst),
    addresseeCooldownSeconds: z.int().min(0).max(3_600).default(defaults.addresseeCooldownSeconds),
    addresseePerHour: count(defaults.addresseePerHour),
    ipBurst: count(defaults.ipBurst),
    ipPerHour: count(defaults.ipPerHour),
    ipWaits: count(defaults.ipWaits),
    appBurst: count(defaults.appBurst),
    appPerHour: count(defaults.appPerHour),
  } satisfies Record<keyof CreationLimits, z.ZodType>
  return z.strictObject(shape).default(defaults)
}

const { withoutKey, withKey } = DEFAULT_REQUEST_LIMITS

export const authenticationRequests = z.strictObject({
  limits: z
    .strictObject({ withoutKey: limitsWith(withoutKey), withKey: limitsWith(withKey) })
    .default(DEFAULT_REQUEST_LIMITS),
})

/** Schema of an app's `authenticationRequests`: limits, retention, and the provider. */
import { z } from 'zod'
import {
  type ChatLimits,
  type CreationLimits,
  DEFAULT_REQUEST_LIMITS,
} from './authentication-request-limits.ts'
import { claim } from './context-schema.ts'
import { unlessWrong } from './unless-wrong.ts'
import { problemOfIdentityUrl } from './urls.ts'

const count = (byDefault: number) => z.int().min(1).max(1_000_000).default(byDefault)

/** Omitted keys have their defaults. */
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

const { withoutKey, withKey, inChat, addresseePerHour } = DEFAULT_REQUEST_LIMITS

const chatLimits = z
  .strictObject({
    sessionBurst: count(inChat.sessionBurst),
    sessionPerHour: count(inChat.sessionPerHour),
  } satisfies Record<keyof ChatLimits, z.ZodType>)
  .default(inChat)

export const authenticationRequests = (options: { readonly dev: boolean }) =>
  z.strictObject({
    limits: z
      .strictObject({
        withoutKey: limitsWith(withoutKey),
        withKey: limitsWith(withKey),
        inChat: chatLimits,
        addresseePerHour: count(addresseePerHour),
      })
      .default(DEFAULT_REQUEST_LIMITS),
    keepDays: z.int().min(1).max(3_650).exactOptional(),
    provider: forward(options).exactOptional(),
  })

/** Keys of signed decisions; excluded by `trustUnsigned`, which verifies nothing. */
const SIGNED_ONLY = ['jwksUrl', 'issuer', 'audience', 'algorithm'] as const

/** https or this machine: decisions about identity come from there, so nobody in between may change them. */
const identityUrl = ({ dev }: { readonly dev: boolean }) =>
  z.string().superRefine((value, ctx) => {
    const problem = problemOfIdentityUrl(value, dev)
    if (problem !== undefined) ctx.addIssue(problem)
  })

const forward = (options: { readonly dev: boolean }) =>
  z
    .strictObject({
      kind: z.literal('forward'),
      url: identityUrl(options).refine((value) => !value.includes('?'), 'must not have a query'),
      apiKey: z
        .string()
        .regex(/^[\x21-\x7e]{1,512}$/, 'must be printable ASCII without spaces')
        .exactOptional(),
      app: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must be letters, digits, - and _')
        .exactOptional(),
      jwksUrl: identityUrl(options).exactOptional(),
      issuer: claim.exactOptional(),
      audience: claim.exactOptional(),
      algorithm: z.enum(['ES256', 'RS256']).exactOptional(),
      trustUnsigned: z.boolean().exactOptional(),
    })
    .superRefine(
      (value, ctx) => {
        if (value.trustUnsigned === true) {
          for (const key of SIGNED_ONLY)
            if (value[key] !== undefined)
              ctx.addIssue({ code: 'custom', path: [key], message: 'cannot stand beside trustUnsigned' })
        } else if ((value.audience ?? value.app) === undefined)
          ctx.addIssue({ code: 'custom', path: ['audience'], message: 'missing; give it, or app' })
      },
      unlessWrong('trustUnsigned', 'audience', 'app', ...SIGNED_ONLY),
    )

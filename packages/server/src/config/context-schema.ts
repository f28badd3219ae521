/** Schema of an app's `context`: keys and algorithms that cannot be confused with each other ([ID9]). */
import { z } from 'zod'
import type { ContextConfig } from './config.ts'
import { displayConfig, refuseToken } from './display-schema.ts'
import { CONTEXT_PATH, DEFAULT_TOKEN_PATH } from './placeholders.ts'
import { secretList, secretOf } from './secret.ts'
import { unlessWrong } from './unless-wrong.ts'
import { problemOfIdentityUrl } from './urls.ts'
import { PADDED, problemOfKey } from './verification-key.ts'
import { webhookSecret } from './webhook-secret.ts'

const SYMMETRIC = ['HS256', 'HS384', 'HS512'] as const
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const algorithms = (allowed: readonly string[]) =>
  z
    .array(
      z.string().superRefine((value, ctx) => {
        if (value.toLowerCase() === 'none') ctx.addIssue('none is refused: it means an unsigned token')
        else if (!allowed.includes(value))
          ctx.addIssue(`${JSON.stringify(value)} is not one of ${allowed.join(', ')}`)
      }),
    )
    .min(1, 'must list at least one algorithm')
    .superRefine((values, ctx) => {
      const symmetric = values.filter((value) => value.startsWith('HS')).length
      if (new Set(values).size !== values.length) ctx.addIssue('lists an algorithm twice')
      if (symmetric > 0 && symmetric < values.length)
        ctx.addIssue('mixes HS* with public-key algorithms, so a public key could pass for a shared secret')
    })

const display = displayConfig.optional()

/** Compared with a token's claim exactly. */
export const claim = z
  .string()
  .refine((value) => value.trim() !== '', 'must not be empty')
  .refine((value) => value.trim() === value || value.trim() === '', PADDED)

const token = {
  tokenPath: z
    .string()
    .regex(CONTEXT_PATH, 'must be names joined by dots, e.g. Auth.Token')
    .default(DEFAULT_TOKEN_PATH),
  issuer: claim,
  audience: claim,
}

export const contextConfig = ({ dev }: { readonly dev: boolean }) => {
  const identityUrl = z.string().superRefine((value, ctx) => {
    const problem = problemOfIdentityUrl(value, dev)
    if (problem !== undefined) ctx.addIssue(problem)
  })
  return z
    .discriminatedUnion(
      'kind',
      [
        z
          .strictObject({
            kind: z.literal('jwt'),
            display,
            ...token,
            algorithms: algorithms([...SYMMETRIC, ...ASYMMETRIC]),
            secret: secretOf(z.string().min(1)),
          })
          .superRefine(
            (value, ctx) => {
              const { secret, algorithms } = value
              for (const [index, key] of secretList(secret).entries()) {
                const problem = problemOfKey(key, algorithms)
                const path = typeof secret === 'string' ? ['secret'] : ['secret', index]
                if (problem !== undefined) ctx.addIssue({ code: 'custom', path, message: problem })
              }
            },
            unlessWrong('secret', 'algorithms'),
          ),
        z.strictObject({
          kind: z.literal('jwks'),
          display,
          ...token,
          algorithms: algorithms(ASYMMETRIC),
          url: identityUrl,
        }),
        z.strictObject({
          kind: z.literal('introspect'),
          display,
          url: identityUrl,
          secret: secretOf(webhookSecret).optional(),
        }),
      ],
      { error: 'must be an object whose kind is jwt, jwks or introspect' },
    )
    .superRefine(
      ({ display, ...value }, ctx) => {
        const tokenPath = 'tokenPath' in value ? value.tokenPath : DEFAULT_TOKEN_PATH
        if (display !== undefined) refuseToken(display, tokenPath, ctx, ['display'])
      },
      unlessWrong('kind', 'display', 'tokenPath'),
    )
    .transform(({ display, ...value }): ContextConfig => {
      const shown = display === undefined ? {} : { display }
      if (value.kind !== 'introspect') return { ...value, ...shown }
      const { secret, ...rest } = value
      return { ...rest, ...shown, ...(secret === undefined ? {} : { secret }) }
    })
}

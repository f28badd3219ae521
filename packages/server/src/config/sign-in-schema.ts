/** Schema of `signIn`: passwords and single sign-on of agents. */
import type { AppId } from '@chat-widget/protocol'
import { LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { SignInConfig } from './config.ts'
import { unlessWrong } from './unless-wrong.ts'
import { problemOfIdentityUrl } from './urls.ts'

const DEFAULT_SCOPES = ['openid', 'email', 'profile']

const line = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(256)
  .regex(/^\P{C}*$/u, 'must be one line')

const role = z.enum(['admin', 'agent', 'reader'], 'must be admin, agent or reader')
const apps = z
  .array(z.string().transform((id) => id as AppId))
  .min(1, 'must list at least one app; without it, all')
  .exactOptional()

const domain = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/i, 'must be a domain, e.g. example.com')
  .transform((text) => text.toLowerCase())

const newAgents = z.strictObject({
  domains: z.array(domain).min(1, 'must list at least one domain'),
  role: role.default('agent'),
  apps,
})

const access = z.strictObject({
  claim: line,
  rules: z.array(z.strictObject({ value: line, role, apps })).min(1, 'must list at least one rule'),
})

const issuer = (dev: boolean) =>
  z
    .strictObject({
      name: line.max(LIMITS.nameLength),
      url: z.string().superRefine((value, ctx) => {
        const problem = problemOfIdentityUrl(value, dev)
        if (problem !== undefined) ctx.addIssue(problem)
        else if (new URL(value).search !== '') ctx.addIssue('must not have a query')
        else if (value.includes('/.well-known/'))
          ctx.addIssue('must be the issuer, not the address of its configuration')
      }),
      clientId: line,
      clientSecret: z.string().min(1, 'must not be empty').max(1_024),
      scopes: z
        .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one word'))
        .default(DEFAULT_SCOPES)
        .refine((scopes) => scopes.includes('openid'), 'must list openid'),
      newAgents: newAgents.exactOptional(),
      access: access.exactOptional(),
    })
    .superRefine(
      ({ newAgents, access }, ctx) => {
        if (access === undefined || newAgents === undefined) return
        for (const key of ['role', 'apps'] as const)
          if (key === 'apps' ? newAgents.apps !== undefined : newAgents.role !== 'agent')
            ctx.addIssue({ code: 'custom', path: ['newAgents', key], message: 'is what access says' })
      },
      unlessWrong('newAgents', 'access'),
    )

export const signIn = ({ dev }: { readonly dev: boolean }) =>
  z
    .strictObject({
      passwords: z.enum(['all', 'owners'], 'must be all or owners').default('all'),
      issuer: issuer(dev).exactOptional(),
    })
    .superRefine(({ passwords, issuer }, ctx) => {
      if (passwords === 'owners' && issuer === undefined)
        ctx.addIssue({ code: 'custom', path: ['passwords'], message: 'must be all without an issuer' })
    }, unlessWrong('passwords'))

/** Adds an issue for each app that is none of the configured ones. */
export function checkSignInApps(
  { issuer }: SignInConfig,
  ids: ReadonlySet<AppId>,
  ctx: z.RefinementCtx,
): void {
  const check = (apps: readonly AppId[] | undefined, path: readonly PropertyKey[]) => {
    for (const [index, id] of (apps ?? []).entries())
      if (!ids.has(id))
        ctx.addIssue({
          code: 'custom',
          path: ['signIn', 'issuer', ...path, 'apps', index],
          message: 'is none of the apps',
        })
  }
  check(issuer?.newAgents?.apps, ['newAgents'])
  for (const [index, { apps }] of (issuer?.access?.rules ?? []).entries())
    check(apps, ['access', 'rules', index])
}

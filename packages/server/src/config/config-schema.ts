/** The configuration file's shape; unknown keys are refused by name. */
import type { AppId } from '@chat-widget/protocol'
import { LIMITS, WEBHOOK_EVENTS } from '@chat-widget/protocol'
import { z } from 'zod'
import { normalizeOrigin, originAllowed } from '../network/origins.ts'
import { isSettableHeader } from '../outbound/headers.ts'
import { LANGUAGES, languageOf } from '../text/language.ts'
import { apiKey, ratesOf } from './api-keys.ts'
import { checkPresentation, presentation } from './appearance-schema.ts'
import { authenticationRequests } from './authentication-request-schema.ts'
import type { AppConfig, ServerConfig } from './config.ts'
import { contextConfig } from './context-schema.ts'
import { appFiles, serverFiles } from './files-schema.ts'
import { placeholdersOf } from './placeholders.ts'
import { secretOf } from './secret.ts'
import { checkSignInApps, signIn } from './sign-in-schema.ts'
import { isProxy, PROXY_PROBLEM } from './trusted-proxies.ts'
import { unlessWrong } from './unless-wrong.ts'
import { problemOfIdentityUrl, problemOfSmtpUrl, problemOfUrl } from './urls.ts'
import { webhookSecret } from './webhook-secret.ts'

export interface SchemaOptions {
  /** With `--dev`, plain http is allowed for identity endpoints. */
  readonly dev: boolean
}

/** The part of the configuration that the file holds. */
export type FileConfig = Pick<
  ServerConfig,
  'apps' | 'defaultApp' | 'publicUrl' | 'trustedProxies' | 'limits' | 'files' | 'mail' | 'signIn'
>

const METHODS = ['host', 'email', 'identifier'] as const

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length

const httpUrl = z.string().superRefine((value, ctx) => {
  const problem = problemOfUrl(value)
  if (problem !== undefined) ctx.addIssue(problem)
})

const origin = z.string().transform((value, ctx) => {
  const checked = normalizeOrigin(value)
  if (checked.ok) return checked.origin
  ctx.addIssue(checked.problem)
  return z.NEVER
})

const MOST_WEBHOOKS = 20

const webhooks = z
  .array(
    z.strictObject({
      url: httpUrl,
      secret: secretOf(webhookSecret),
      events: z
        .array(z.enum(WEBHOOK_EVENTS))
        .min(1, 'must list at least one event')
        .refine(unique, 'lists an event twice'),
    }),
  )
  .max(MOST_WEBHOOKS, `must list at most ${MOST_WEBHOOKS} webhooks`)
  .superRefine((list, ctx) => {
    for (const [index, { url }] of list.entries())
      if (list.findIndex((other) => other.url === url) !== index)
        ctx.addIssue({ code: 'custom', path: [index, 'url'], message: 'is used twice' })
  })

const header = z
  .string()
  .regex(/^[^\r\n\0]*$/, 'must be one line')
  .refine((text) => placeholdersOf(text) !== undefined, 'has a malformed {placeholder}')

const action = z.strictObject({
  url: z.string().superRefine((value, ctx) => {
    const problem = problemOfActionUrl(value)
    if (problem !== undefined) ctx.addIssue(problem)
  }),
  method: z.enum(['GET', 'POST']).default('GET'),
  headers: z
    .record(z.string(), header)
    .superRefine((headers, ctx) => {
      for (const name of Object.keys(headers))
        if (!isSettableHeader(name))
          ctx.addIssue({ code: 'custom', path: [name], message: 'is not a header that can be set' })
    }, unlessWrong())
    .default({}),
  allowPrivateAddress: z.boolean().default(false),
})

function problemOfActionUrl(url: string): string | undefined {
  if (placeholdersOf(url) === undefined) return 'has a malformed {placeholder}'
  // Only the operator decides where the call goes; a context may only fill in the query.
  if (placeholdersOf(url.split('?')[0] ?? '')?.length !== 0)
    return 'may have a {placeholder} in its query only'
  return problemOfUrl(url)
}

const unreadMail = z.strictObject({
  afterMinutes: z.int().min(1).max(1_440).default(15),
  page: httpUrl,
})

const app = (options: SchemaOptions) =>
  z
    .strictObject({
      id: z
        .string()
        .max(64)
        .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must be letters, digits, - and _')
        .transform((id) => id as AppId),
      name: z.string().trim().min(1).max(LIMITS.nameLength).optional(),
      locale: z
        .string()
        .transform((tag, context) => {
          const language = languageOf(tag)
          if (language === undefined) context.addIssue(`must be one of ${LANGUAGES.join(', ')}`)
          return language ?? z.NEVER
        })
        .optional(),
      origins: z.array(origin).min(1, 'must list at least one origin'),
      context: contextConfig(options).optional(),
      contextStyle: z.enum(['asapp']).optional(),
      login: z
        .strictObject({
          methods: z
            .array(z.enum(METHODS))
            .min(1, 'must list at least one method')
            .refine(unique, 'lists a method twice')
            .default(['host']),
          continueAsGuest: z.boolean().default(true),
          sessionDays: z.int().min(1).max(365).exactOptional(),
        })
        .default({ methods: ['host'], continueAsGuest: true }),
      actions: z.record(z.string().min(1).max(LIMITS.nameLength), action).default({}),
      apiKeys: z.array(apiKey).default([]),
      bot: z.strictObject({ url: httpUrl, secret: secretOf(webhookSecret) }).optional(),
      webhooks: webhooks.exactOptional(),
      keepDays: z.strictObject({ conversations: z.int().min(1).max(3650) }).exactOptional(),
      authenticationRequests: authenticationRequests(options).optional(),
      files: appFiles.exactOptional(),
      unreadMail: unreadMail.exactOptional(),
      openConversations: z.enum(['one', 'several']).exactOptional(),
      ...presentation,
    })
    .superRefine(checkPresentation, unlessWrong('appearance', 'preChat', 'outOfHours', 'hours'))
    .superRefine(
      ({ unreadMail, origins }, ctx) => {
        if (unreadMail !== undefined && !originAllowed(new URL(unreadMail.page).origin, origins))
          ctx.addIssue({ code: 'custom', path: ['unreadMail', 'page'], message: 'is of none of the origins' })
      },
      unlessWrong('unreadMail', 'origins'),
    )
    .transform(
      ({
        apiKeys,
        name,
        locale,
        context,
        contextStyle,
        bot,
        authenticationRequests,
        ...rest
      }): AppConfig => ({
        ...rest,
        name: name ?? rest.id,
        apiKeyHashes: apiKeys.map(({ key }) => key),
        ...ratesOf(apiKeys),
        ...(locale === undefined ? {} : { locale }),
        ...(context === undefined ? {} : { context }),
        ...(contextStyle === undefined ? {} : { contextStyle }),
        ...(bot === undefined ? {} : { bot }),
        ...(authenticationRequests === undefined ? {} : { authenticationRequests }),
      }),
    )

const mail = z.strictObject({
  smtpUrl: z.string().superRefine((value, ctx) => {
    const problem = problemOfSmtpUrl(value)
    if (problem !== undefined) ctx.addIssue(problem)
  }),
  from: z
    .string()
    .min(3)
    .regex(/^[^\r\n]+@[^\r\n]+$/, 'must be one line with an email address'),
})

/** Proxies and browsers spell nothing of it in another way. */
const BASE_PATH = /^(\/[\w.~-]+)*\/?$/

/** https or this machine: links with tokens lead there, so nobody in between may read them. */
const publicUrl = ({ dev }: SchemaOptions) =>
  z
    .string()
    .superRefine((value, ctx) => {
      const problem = problemOfIdentityUrl(value, dev)
      if (problem !== undefined) ctx.addIssue(problem)
      else if (new URL(value).search !== '') ctx.addIssue('must not have a query')
      else if (!BASE_PATH.test(new URL(value).pathname))
        ctx.addIssue('must have a path of letters, digits and . _ ~ - between its slashes')
    })
    .transform((value) => value.replace(/\/+$/, ''))

const trustedProxy = z.string().refine(isProxy, PROXY_PROBLEM)

const positive = z.int().min(1)
const addressLimits = z.strictObject({
  socketsPerAddress: positive.exactOptional(),
  newVisitorsPerMinute: positive.exactOptional(),
  requestsPerSecond: positive.exactOptional(),
  restRequestsPerMinute: positive.exactOptional(),
})

/** Ids of the file's apps, also of apps in which something else is wrong; `undefined` for one without an id. */
function idsOf(apps: unknown): readonly (string | undefined)[] {
  const list: readonly unknown[] = Array.isArray(apps) ? apps : []
  return list.map((app) => {
    const id = typeof app === 'object' && app !== null && 'id' in app ? app.id : undefined
    return typeof id === 'string' ? id : undefined
  })
}

/** Schema of the whole file, after `{ "env": … }` was replaced. */
export const configFile = (options: SchemaOptions) =>
  z
    .strictObject({
      apps: z.array(app(options)).min(1, 'must list at least one app'),
      defaultApp: z
        .string()
        .transform((id) => id as AppId)
        .optional(),
      publicUrl: publicUrl(options).optional(),
      trustedProxies: z.array(trustedProxy).exactOptional(),
      limits: addressLimits.exactOptional(),
      files: serverFiles.exactOptional(),
      mail: mail.optional(),
      signIn: signIn(options).exactOptional(),
    })
    .superRefine(({ apps, defaultApp }, ctx) => {
      const ids = idsOf(apps)
      for (const [index, id] of ids.entries())
        if (id !== undefined && ids.indexOf(id) !== index)
          ctx.addIssue({ code: 'custom', path: ['apps', index, 'id'], message: `${id} is used twice` })
      if (defaultApp !== undefined && !ids.includes(undefined) && !ids.includes(defaultApp))
        ctx.addIssue({ code: 'custom', path: ['defaultApp'], message: 'is none of the apps' })
    }, unlessWrong('defaultApp'))
    .superRefine(
      ({ apps, signIn }, ctx) => {
        if (signIn !== undefined) checkSignInApps(signIn, new Set(apps.map(({ id }) => id)), ctx)
      },
      unlessWrong('apps', 'signIn'),
    )
    .transform(
      ({ apps, defaultApp, publicUrl, mail, ...rest }): FileConfig => ({
        ...rest,
        apps,
        ...(defaultApp === undefined ? {} : { defaultApp }),
        ...(publicUrl === undefined ? {} : { publicUrl }),
        ...(mail === undefined ? {} : { mail }),
      }),
    )

/** Bodies, queries and answers of authentication requests. */
import { z } from 'zod'
import {
  AUTHENTICATION_REQUEST_STATUSES,
  BINDING_MODES,
  AUTHENTICATION_REQUEST_LIMITS as LIMITS,
} from '../authentication-requests.ts'
import { readEmailAddress } from '../email-address.ts'
import type { AuthenticationRequestId } from '../ids.ts'
import { readIpAddress } from '../ip-address.ts'
import { timestamp, type WireType } from '../kinds/schema-parts.ts'

/** Of any version, as callers send them; compared as text, so they have one spelling. */
export const authenticationRequestId = z
  .guid('must be a UUID')
  .transform((id) => id.toLowerCase() as AuthenticationRequestId)

/** One line that cannot break a mail header or change the direction of writing. */
export const line = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(
      /^[^\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u,
      'must be one line of plain text',
    )
    .refine((value) => value.trim() !== '', 'must not be empty')

/** Parses by `read`, which returns one spelling; `null` is refused. */
const readBy =
  (read: (text: string) => string | null, message: string) => (text: string, ctx: z.RefinementCtx) => {
    const value = read(text)
    if (value !== null) return value
    ctx.addIssue({ code: 'custom', message })
    return z.NEVER
  }

export const emailAddress = z
  .string()
  .max(LIMITS.emailLength)
  .transform(readBy(readEmailAddress, 'must be an email address'))

export const identifier = z.string().regex(/^[0-9]{10}$/, 'must be ten digits')

/** Long enough for brackets, zone and port. */
const ipAddress = z.string().max(100).transform(readBy(readIpAddress, 'must be an IPv4 or IPv6 address'))

const seconds = (from: number, to: number) => z.int().min(from).max(to)

export const authenticationRequestBody = z
  .strictObject({
    email: emailAddress
      .optional()
      .describe('the person to ask, unless there is an `identifier`; case is ignored'),
    identifier: identifier.optional().describe('the person to ask, instead of `email`'),
    scan: z
      .literal(true)
      .optional()
      .describe('asks the first person to scan the request’s code, instead of `email`; needs an API key'),
    application_title: line(LIMITS.titleLength)
      .optional()
      .describe('tells the person where the request comes from; required for a new request'),
    authentication_request_id: authenticationRequestId
      .optional()
      .describe('with the same body, or alone, attaches to the request of this id; default: a new one'),
    wait_for_response: seconds(0, LIMITS.lifetimeSeconds)
      .default(LIMITS.lifetimeSeconds)
      .describe('seconds until the answer at the latest; 0: at once'),
    user_name: line(LIMITS.nameLength).optional().describe('shown to the person as your claim'),
    user_ip: ipAddress.optional().describe('of the user who signs in; shown to the person as your claim'),
    user_origin: line(LIMITS.originLength)
      .optional()
      .describe('e.g. their city; shown to the person as your claim'),
    binding: z
      .enum(BINDING_MODES)
      .default('none')
      .describe('`code`: the person types the digits of `binding_code`'),
    expires_in: seconds(1, LIMITS.lifetimeSeconds)
      .default(LIMITS.lifetimeSeconds)
      .describe('seconds for which the request is valid'),
  })
  .superRefine(({ email, identifier, scan, application_title, authentication_request_id }, ctx) => {
    // For an existing request its id is enough.
    const isMade = authentication_request_id !== undefined
    if (!isMade && email === undefined && identifier === undefined && scan === undefined)
      ctx.addIssue({ code: 'custom', path: ['email'], message: 'missing; give an email or an identifier' })
    if (!isMade && application_title === undefined)
      ctx.addIssue({ code: 'custom', path: ['application_title'], message: 'missing' })
    if (email !== undefined && identifier !== undefined)
      ctx.addIssue({ code: 'custom', path: ['identifier'], message: 'cannot stand beside email' })
    if (scan !== undefined && (email !== undefined || identifier !== undefined))
      ctx.addIssue({ code: 'custom', path: ['scan'], message: 'cannot stand beside email or identifier' })
  })

/**
 * The body of `POST /v1/authentication-request/`. A new request has exactly one of `email`, `identifier` and `scan`.
 */
export type AuthenticationRequestBody = WireType<z.input<typeof authenticationRequestBody>>

/** Every answer about one request. */
export const authenticationRequestAnswer = z.object({
  authentication_request_id: z.guid() as unknown as z.ZodType<
    AuthenticationRequestId,
    AuthenticationRequestId
  >,
  authentication_request_status: z.enum(AUTHENTICATION_REQUEST_STATUSES),
  authentication_request_response: z
    .string()
    .nullable()
    .describe(
      'once decided: `decision`, `decided_at` and `subject` as a compact JWS by `/.well-known/jwks.json`',
    ),
  binding_code: z
    .string()
    .optional()
    .describe('with `binding` `code`, while pending: show it to the user who signs in'),
})
export type AuthenticationRequestAnswer = WireType<z.output<typeof authenticationRequestAnswer>>

/**
 * A page of `GET /v1/apps/{app}/authentication-request-events?after=CURSOR&wait=SECONDS`, by API key; or, with
 * `ago=MILLISECONDS` instead of `after`, the first page of the outcomes since then.
 */
export const authenticationRequestEvents = z.object({
  /** Outcomes in the order in which they were reached. */
  events: z
    .array(
      authenticationRequestAnswer.extend({
        cursor: z.string(),
        ended_at: timestamp,
      }),
    )
    .readonly(),
  server_time: timestamp.describe('time at which the page was made'),
  /** The requested cursor if there were no outcomes. */
  cursor: z.string().describe('pass it as `after` for the next page'),
})
export type AuthenticationRequestEvents = WireType<z.output<typeof authenticationRequestEvents>>

/** As strong as the server's own, and safe in a header. */
export const creatorSecret = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43,200}$/, 'must be 43 to 200 characters of base64url')

export const authenticationRequestEventsQuery = z
  .strictObject({
    after: z
      .string()
      .regex(/^[0-9]{0,15}$/, 'must be the cursor of an earlier page')
      .default('')
      .describe('the cursor of an earlier page; default: from the beginning'),
    ago: z.coerce
      .number()
      .int()
      .min(0)
      .max(LIMITS.eventsAgoMs)
      .optional()
      .describe('instead of `after`: outcomes of the last milliseconds, this many'),
    wait: z.coerce
      .number()
      .int()
      .min(0)
      .max(LIMITS.eventWaitSeconds)
      .default(0)
      .describe('seconds to wait for the first outcome'),
  })
  .refine(({ after, ago }) => after === '' || ago === undefined, {
    path: ['ago'],
    message: 'cannot stand beside after',
  })

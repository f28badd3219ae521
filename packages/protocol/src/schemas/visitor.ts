/** Requests of a visitor's device. */
import { z } from 'zod'
import { AUTHENTICATION_REQUEST_LIMITS } from '../authentication-requests.ts'
import { ratingValue } from '../kinds/event.ts'
import { postedBy } from '../kinds/message.ts'
import * as LIMITS from '../limits.ts'
import { BUILT_IN_METHODS } from '../message.ts'
import { authenticationRequestId } from './authentication-requests.ts'
import { clientMessageId, conversationId, release, seq } from './common.ts'

export const visitorHandshake = z.strictObject({
  protocolVersion: z.int(),
  release: release.optional(),
  app: z.string().min(1).max(LIMITS.nameLength),
  /** BCP 47: the language that the chat speaks to the visitor. */
  locale: z.string().max(100).optional(),
  /** The device's session secret, if it has one. */
  session: z.string().min(16).max(256).optional(),
  /** Without a session: `anonymous` makes one, `identify` waits for `identity:authenticate`. */
  intent: z.enum(['anonymous', 'identify']),
})
export type VisitorHandshake = z.input<typeof visitorHandshake>

export const authenticateRequest = z.strictObject({
  userIdentifier: z.string().min(1).max(LIMITS.userIdentifierLength),
  /** The provider's result. Its depth and size are checked apart from this schema. */
  context: z.record(z.string(), z.unknown()),
  /** Merge this device's anonymous conversation into the user's, or leave it apart. */
  mergePolicy: z.enum(['merge', 'separate']),
  /** True if the device renews by itself: nobody has signed in, and work that waits for a sign-in goes on waiting. */
  renewal: z.boolean().optional(),
})
export type AuthenticateRequest = z.input<typeof authenticateRequest>

export const signOutRequest = z.strictObject({
  /** Also ends the user's sessions on other devices. */
  everywhere: z.boolean(),
})
export type SignOutRequest = z.input<typeof signOutRequest>

export const sendMessageRequest = z.union(postedBy('visitor', { conversationId, clientId: clientMessageId }))
export type SendMessageRequest = z.input<typeof sendMessageRequest>

/** `after`: ascending from there; `before`: the last ones below it, ascending; neither: the newest. */
export const fetchMessagesRequest = z
  .strictObject({
    conversationId,
    after: seq.optional(),
    before: seq.optional(),
    limit: z.int().min(1).max(LIMITS.fetchMessages),
  })
  .refine(
    (request) => request.after === undefined || request.before === undefined,
    'give after or before, not both',
  )
export type FetchMessagesRequest = z.input<typeof fetchMessagesRequest>

/** Goes back to one of the owner's conversations. */
export const showConversationRequest = z.strictObject({ conversationId })
export type ShowConversationRequest = z.input<typeof showConversationRequest>

/** The first page, or the one after `cursor`. */
export const listOwnConversationsRequest = z.strictObject({ cursor: z.string().max(200).optional() })
export type ListOwnConversationsRequest = z.input<typeof listOwnConversationsRequest>

export const rateConversationRequest = z.strictObject({
  conversationId,
  rating: ratingValue,
  /** What the visitor says about it; blank is none. */
  text: z.string().trim().max(LIMITS.ratingTextLength).optional(),
})
export type RateConversationRequest = z.input<typeof rateConversationRequest>

export const readRequest = z.strictObject({ conversationId, seq })
export type ReadRequest = z.input<typeof readRequest>

/** Tells what this device holds, read or not. */
export const deliveredRequest = z.strictObject({ conversationId, seq })
export type DeliveredRequest = z.input<typeof deliveredRequest>

export const typingRequest = z.strictObject({ conversationId, typing: z.boolean() })
export type TypingRequest = z.input<typeof typingRequest>

/** 256 random bits in base64url. */
const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')

export const createAuthenticationRequest = z.strictObject({
  method: z.enum(BUILT_IN_METHODS),
  /** The person to ask, as typed: an email address, or ten digits. */
  address: z.string().trim().min(1).max(AUTHENTICATION_REQUEST_LIMITS.emailLength),
})
export type CreateAuthenticationRequest = z.input<typeof createAuthenticationRequest>

export const ownAuthenticationRequest = z.strictObject({ requestId: authenticationRequestId, secret })
export type OwnAuthenticationRequest = z.input<typeof ownAuthenticationRequest>

/** A context that the server verifies by itself, beside the app's verifier: an approval, to be claimed. */
export const approvalContext = z.strictObject({
  authenticationRequest: z.strictObject({
    id: authenticationRequestId,
    secret,
    /** The session's secret from then on, made by the device: a claim whose answer was lost is repeated with it. */
    session: secret,
  }),
})
export type ApprovalContext = z.input<typeof approvalContext>

export const emptyRequest = z.strictObject({})

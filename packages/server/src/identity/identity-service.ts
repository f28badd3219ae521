/** Who a device is: its session, and what signing in, renewing and signing out make of it. */
import {
  type AppId,
  ChatError,
  type ConversationId,
  type IdentityReceipt,
  type LoginMethod,
  type SessionId,
  type WireIdentity,
} from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import type { Caller } from '../outbound/circuit-breaker.ts'
import type { IdentifyResult, SessionRecord, Storage, UserRecord } from '../storage/storage.ts'
import { builtInMethodOf } from '../storage/user-key.ts'
import type { ApprovalVerifier } from './approval-verifier.ts'
import type { Context } from './context.ts'
import type { ContextVault } from './context-vault.ts'
import type { ContextVerifier, Verified } from './context-verifier.ts'
import { displayClaims } from './display-claims.ts'
import { hashToken, newSessionToken } from './session-token.ts'

/** A session together with what finds it again; the secret itself is the device's alone. */
export interface HeldSession {
  readonly session: SessionRecord
  readonly secretHash: string
}

interface IssuedHeldSession {
  readonly held: HeldSession
  /** For the device, once. */
  readonly token: string
}

/** `claimsChanged`: whether agents are shown something else of the user than before. */
type SignInEffects = Pick<IdentifyResult, 'claimsChanged' | 'released'>

export type AuthenticateOutcome =
  | ({ readonly kind: 'signed-in'; readonly receipt: IdentityReceipt } & IssuedHeldSession & {
        /** The anonymous session that ended with this; `null` when there was none, or it was left as it is. */
        readonly replaced: SessionRecord | null
      } & SignInEffects)
  | ({ readonly kind: 'renewed'; readonly held: HeldSession } & SignInEffects)
  /** The device's own session is over; the error says why. */
  | { readonly kind: 'ended'; readonly error: ChatError }

interface AuthenticateCommand {
  readonly app: AppConfig
  /** What the device came with. */
  readonly held: HeldSession | null
  readonly userIdentifier: string
  /** Within the limits already. */
  readonly context: Context
  readonly mergePolicy: 'merge' | 'separate'
  /** On whose behalf the app's verifier is asked. */
  readonly caller: Caller
  /** The device renews by itself; what waits for a sign-in is not for it ([ID15]). */
  readonly renewal?: boolean | undefined
  /** Aborts when the device is gone. */
  readonly signal: AbortSignal
}

/** As a device asks. */
export type SignIn = Pick<AuthenticateCommand, 'userIdentifier' | 'context' | 'mergePolicy' | 'renewal'>

const DAY_MS = 24 * 3_600_000

export interface IdentityServiceOptions {
  readonly storage: Storage
  readonly vault: ContextVault
  readonly verifierOf: (app: AppConfig) => ContextVerifier
  readonly approvals: ApprovalVerifier
  /** Whether anything of the app ever needs a context again: without actions it is not kept. */
  readonly hasActions: (app: AppId) => boolean
  readonly now: () => number
}

export type IdentityService = ReturnType<typeof createIdentityService>

export function createIdentityService({
  storage,
  vault,
  verifierOf,
  approvals,
  hasActions,
  now,
}: IdentityServiceOptions) {
  async function signIn(
    command: AuthenticateCommand,
    verified: VerifiedSubject,
  ): Promise<AuthenticateOutcome> {
    const { app, held, mergePolicy } = command
    const token = verified.sessionSecret ?? newSessionToken()
    const secretHash = hashToken(token)
    if (verified.sessionSecret !== null) {
      const made = await storage.sessions.findBySecretHash(app.id, secretHash)
      if (made !== null) return signInAgain(made, { secretHash, token, held })
    }
    const merge = mergePolicy === 'merge'
    const { session, mergedConversations, ...effects } = await storage.sessions.identify({
      sessionId: held?.session.id ?? null,
      app: app.id,
      userIdentifier: verified.userIdentifier,
      method: verified.method,
      contextExpiresAt: verified.expiresAt,
      merge,
      claims: claimsOf(command, verified),
      newSecretHash: secretHash,
      at: now(),
    })
    const receipt = receiptOf(held, session, mergedConversations)
    const replaced = merge ? (held?.session ?? null) : null
    return { kind: 'signed-in', receipt, held: { session, secretHash }, token, replaced, ...effects }
  }

  /** [AR15] The claim was answered before, and the answer was lost: the session is there already. */
  function signInAgain(
    session: SessionRecord,
    { secretHash, token, held }: { secretHash: string; token: string; held: HeldSession | null },
  ): AuthenticateOutcome {
    if (session.revokedAt !== null) throw sessionInvalid()
    const receipt = receiptOf(held, session, [])
    return {
      kind: 'signed-in',
      receipt,
      held: { session, secretHash },
      token,
      replaced: null,
      claimsChanged: false,
      released: { events: [], actionRuns: [] },
    }
  }

  async function renew(
    held: HeldSession,
    command: AuthenticateCommand,
    verified: VerifiedSubject,
  ): Promise<AuthenticateOutcome> {
    const { session } = held
    const effects = await storage.sessions.renew({
      sessionId: session.id,
      contextExpiresAt: verified.expiresAt,
      claims: claimsOf(command, verified),
      signsIn: command.renewal !== true,
      at: now(),
    })
    // Read after the write: a session that ended in between must not go on.
    if ((await reread(held)) === null) return { kind: 'ended', error: sessionInvalid() }
    return {
      kind: 'renewed',
      held: { ...held, session: { ...session, contextExpiresAt: verified.expiresAt } },
      ...effects,
    }
  }

  /** Makes the context that `store` stores available to actions; those that wait for it go on at once. */
  function keepContext(
    { app, context }: AuthenticateCommand,
    { userIdentifier, method }: VerifiedSubject,
    store: () => Promise<AuthenticateOutcome>,
  ): Promise<AuthenticateOutcome> {
    // An approval is nothing for the company's API, and its secrets are nobody else's.
    if (method !== 'host' || !hasActions(app.id)) return store()
    return vault.whileStoring({ app: app.id, userIdentifier }, async () => {
      const outcome = await store()
      if (outcome.kind === 'ended') return outcome
      // After the login cards were taken: an action that waits for the context may end in a new one at once, and that one
      // waits for the next sign-in.
      const { id, contextExpiresAt: expiresAt } = outcome.held.session
      vault.hold(id, { userId: userOf(outcome.held.session).id, context, expiresAt })
      return outcome
    })
  }

  /** A renewal for somebody else is an attack or a mix-up; either way this session is not to be trusted ([ID10]). */
  async function endByMismatch(held: HeldSession): Promise<AuthenticateOutcome> {
    vault.forget([held.session.id])
    await storage.sessions.revoke(held.session.id, now())
    const error = new ChatError('context-mismatch', "The context is for another subject than the session's.")
    return { kind: 'ended', error }
  }

  async function reread({ session, secretHash }: HeldSession): Promise<SessionRecord | null> {
    const found = await storage.sessions.findBySecretHash(session.app, secretHash)
    return found === null || found.revokedAt !== null ? null : found
  }

  return {
    /** Rejects with `session-invalid` when the session is unknown, revoked or was replaced. */
    async resume(app: AppConfig, token: string): Promise<HeldSession> {
      const secretHash = hashToken(token)
      const session = await storage.sessions.findBySecretHash(app.id, secretHash)
      if (session === null || session.revokedAt !== null) throw sessionInvalid()
      // Once a day is enough to know which sessions nobody comes back to; where it fails, the next connection tells.
      if (now() - session.seenAt > DAY_MS) storage.sessions.touch(session.id, now()).catch(() => undefined)
      return { session, secretHash }
    },

    async startAnonymous(app: AppConfig): Promise<IssuedHeldSession> {
      const token = newSessionToken()
      const secretHash = hashToken(token)
      const session = await storage.sessions.createAnonymous({ app: app.id, secretHash, at: now() })
      return { held: { session, secretHash }, token }
    },

    /** Signs in, or renews the session of the same subject, and keeps the context for actions. Rejects as `ContextVerifier.verify` does; then nothing changed. */
    async authenticate(command: AuthenticateCommand): Promise<AuthenticateOutcome> {
      const { app, held, userIdentifier, context, caller, signal } = command
      const user = held?.session.user ?? null
      let verified: VerifiedSubject
      try {
        const approval = await approvals.verify(app, userIdentifier, context)
        verified = approval ?? {
          ...(await verifierOf(app).verify({ userIdentifier, context, signal }, caller)),
          ...BY_HOST,
        }
      } catch (error) {
        const isMismatch = error instanceof ChatError && error.code === 'context-mismatch'
        if (isMismatch && held !== null && user !== null) return endByMismatch(held)
        throw error
      }
      if (held === null || user === null) {
        // Nobody would get the new secret, and the old one would be gone.
        if (signal.aborted) throw new ChatError('session-invalid', 'The device is gone.')
        return keepContext(command, verified, () => signIn(command, verified))
      }
      if (verified.userIdentifier !== user.userIdentifier || verified.method !== user.method)
        return endByMismatch(held)
      return keepContext(command, verified, () => renew(held, command, verified))
    },

    /** Resolves with every session that ended by it. */
    async signOut({ session }: HeldSession, everywhere: boolean): Promise<readonly SessionId[]> {
      const own = await storage.sessions.revoke(session.id, now())
      const others =
        everywhere && session.user !== null
          ? await storage.sessions.revokeAllOfUser(session.user.id, now())
          : []
      const ended = [...new Set([session.id, ...own, ...others])]
      vault.forget(ended)
      return ended
    },

    /** The session as it is now; `null` when it ended. */
    reread,
  }
}

/** What is verified, and by whom. `sessionSecret`: the one that the device made, else `null`. */
interface VerifiedSubject extends Verified {
  readonly method: LoginMethod
  readonly sessionSecret: string | null
}

const BY_HOST = { method: 'host', sessionSecret: null } as const

function receiptOf(
  held: HeldSession | null,
  session: SessionRecord,
  mergedConversations: readonly ConversationId[],
): IdentityReceipt {
  const { userIdentifier, method } = userOf(session)
  return {
    from:
      held === null ? { status: 'unidentified' } : { status: 'anonymous', visitorId: held.session.visitorId },
    to: { status: 'identified', userIdentifier, ...builtInMethodOf(method) },
    mergedConversations,
  }
}

function claimsOf({ app, context }: AuthenticateCommand, { claims = {}, method }: VerifiedSubject) {
  if (method !== 'host') return []
  return displayClaims(app, { proven: claims, context })
}

export function wireIdentityOf(session: SessionRecord | null): WireIdentity {
  if (session === null) return { status: 'unidentified' }
  if (session.user === null) return { status: 'anonymous', visitorId: session.visitorId }
  return {
    status: 'identified',
    userIdentifier: session.user.userIdentifier,
    expiresAt: session.contextExpiresAt,
    ...builtInMethodOf(session.user.method),
  }
}

function userOf(session: SessionRecord): UserRecord {
  if (session.user === null) throw new ChatError('internal', 'Signing in made a session without a user.')
  return session.user
}

function sessionInvalid(): ChatError {
  return new ChatError('session-invalid', 'The session is unknown, was revoked or replaced.')
}

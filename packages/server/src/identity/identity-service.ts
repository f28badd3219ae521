/** Sessions of devices: resuming, signing in, renewing and signing out. */
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
import type { Caller } from '../outbound/caller-breaker.ts'
import type {
  IdentifyRequest,
  IdentifyResult,
  SessionRecord,
  Storage,
  UserRecord,
} from '../storage/storage.ts'
import { builtInMethodOf } from '../storage/user-key.ts'
import type { ApprovalVerifier } from './approval-verifier.ts'
import type { Context } from './context.ts'
import type { ContextVault } from './context-vault.ts'
import type { ContextVerifier, Verified } from './context-verifier.ts'
import { displayClaims } from './display-claims.ts'
import { hashToken, newSessionToken } from './session-token.ts'

/** A session with its token's hash; only the device has the secret itself. */
export interface HeldSession {
  readonly session: SessionRecord
  readonly secretHash: string
}

interface IssuedHeldSession {
  readonly held: HeldSession
  /** Given to the device, once. */
  readonly token: string
}

/** `claimsChanged`: true if agents are shown other claims of the user than before. */
type SignInEffects = Pick<IdentifyResult, 'claimsChanged' | 'released'>

export type AuthenticateOutcome =
  | ({ readonly kind: 'signed-in'; readonly receipt: IdentityReceipt } & IssuedHeldSession & {
        /** The anonymous session that this one replaced; `null` if there was none, or it goes on. */
        readonly replaced: SessionRecord | null
      } & SignInEffects)
  | ({ readonly kind: 'renewed'; readonly held: HeldSession } & SignInEffects)
  /** The device's own session ended; the error says why. */
  | { readonly kind: 'ended'; readonly error: ChatError }

interface AuthenticateCommand {
  readonly app: AppConfig
  /** The device's session before, if any. */
  readonly held: HeldSession | null
  readonly userIdentifier: string
  /** Within the limits. */
  readonly context: Context
  readonly mergePolicy: 'merge' | 'separate'
  /** The caller on whose behalf the app's verifier is called. */
  readonly caller: Caller
  /** True if the device renews by itself, which releases no work that waits for a sign-in ([ID15]). */
  readonly renewal?: boolean | undefined
  /** Aborts when the device disconnects. */
  readonly signal: AbortSignal
}

/** The part that the device sends. */
export type SignIn = Pick<AuthenticateCommand, 'userIdentifier' | 'context' | 'mergePolicy' | 'renewal'>

const DAY_MS = 24 * 3_600_000

export interface IdentityServiceOptions {
  readonly storage: Storage
  readonly vault: ContextVault
  /** Takes the sessions' contexts out of the memory of other nodes. Default: there are none. */
  readonly forgetElsewhere?: (sessionIds: readonly SessionId[]) => void
  readonly verifierOf: (app: AppConfig) => ContextVerifier
  readonly approvals: ApprovalVerifier
  /** True if the app has actions; for others contexts are not kept. */
  readonly hasActions: (app: AppId) => boolean
  readonly webhooksOf?: IdentifyRequest['webhooksOf']
  readonly now: () => number
}

export type IdentityService = ReturnType<typeof createIdentityService>

export function createIdentityService({
  storage,
  vault,
  forgetElsewhere = () => undefined,
  verifierOf,
  approvals,
  hasActions,
  webhooksOf,
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
      webhooksOf,
      at: now(),
    })
    const receipt = receiptOf(held, session, mergedConversations)
    const replaced = merge ? (held?.session ?? null) : null
    return { kind: 'signed-in', receipt, held: { session, secretHash }, token, replaced, ...effects }
  }

  /** [AR15] Answers a repeated claim, whose first answer was lost, with the existing session. */
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
      webhooksOf,
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

  /** Runs `store`, and gives the context it stores to actions; those that wait for it go on at once. */
  function keepContext(
    { app, context }: AuthenticateCommand,
    { userIdentifier, method }: VerifiedSubject,
    store: () => Promise<AuthenticateOutcome>,
  ): Promise<AuthenticateOutcome> {
    // An approval is of no use for the company's API, and its secrets are the device's alone.
    if (method !== 'host' || !hasActions(app.id)) return store()
    return vault.whileStoring({ app: app.id, userIdentifier }, async () => {
      const outcome = await store()
      if (outcome.kind === 'ended') return outcome
      // After the login cards were taken: an action that waits for the context may end in a new card at once, which
      // waits for the next sign-in.
      const { id, contextExpiresAt: expiresAt } = outcome.held.session
      vault.hold(id, { userId: userOf(outcome.held.session).id, context, expiresAt })
      return outcome
    })
  }

  /**
   * Ends the session: a renewal for another subject is an attack or a mix-up, so the session is no longer trusted
   * ([ID10]).
   */
  async function endByMismatch(held: HeldSession): Promise<AuthenticateOutcome> {
    vault.forget([held.session.id])
    forgetElsewhere([held.session.id])
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
      // Once a day is enough to find unused sessions; if it fails, the next connection stores it.
      if (now() - session.seenAt > DAY_MS) storage.sessions.touch(session.id, now()).catch(() => undefined)
      return { session, secretHash }
    },

    async startAnonymous(app: AppConfig): Promise<IssuedHeldSession> {
      const token = newSessionToken()
      const secretHash = hashToken(token)
      const session = await storage.sessions.createAnonymous({ app: app.id, secretHash, at: now() })
      return { held: { session, secretHash }, token }
    },

    /**
     * Signs in, or renews the session of the same subject, and keeps the context for actions. Rejects as
     * `ContextVerifier.verify` does; then nothing changed.
     */
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
        // Nobody would receive the new secret, and the old one would be void.
        if (signal.aborted) throw new ChatError('session-invalid', 'The device is gone.')
        return keepContext(command, verified, () => signIn(command, verified))
      }
      if (verified.userIdentifier !== user.userIdentifier || verified.method !== user.method)
        return endByMismatch(held)
      return keepContext(command, verified, () => renew(held, command, verified))
    },

    /** Resolves with every session that this ended. */
    async signOut({ session }: HeldSession, everywhere: boolean): Promise<readonly SessionId[]> {
      const own = await storage.sessions.revoke(session.id, now())
      const others =
        everywhere && session.user !== null
          ? await storage.sessions.revokeAllOfUser(session.user.id, now())
          : []
      const ended = [...new Set([session.id, ...own, ...others])]
      vault.forget(ended)
      forgetElsewhere(ended)
      return ended
    },

    /** The session as it is now; `null` when it ended. */
    reread,
  }
}

/** A verified subject and its method. `sessionSecret`: the one that the device made, or `null`. */
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

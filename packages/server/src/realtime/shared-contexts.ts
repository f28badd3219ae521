/**
 * Brings a user's context from the node that holds the device to the one that runs the action, and takes it out of every
 * node's memory at the sign-out. It crosses encrypted for the node that asked, as a broker may keep what it
 * carries; and a node that asks proves that it is on the database, so whoever writes to the broker alone gets no context.
 */
import { createHmac, randomUUID } from 'node:crypto'
import type { SessionId, UserId } from '@chat-widget/protocol'
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import { same } from '../authentication-requests/request-secrets.ts'
import type { ContextVault } from '../identity/context-vault.ts'
import type { ServerKeyStorage } from '../storage/authentication-request-storage.ts'
import { createServerSecret } from '../storage/server-secret.ts'
import type { ContextNeed } from './broadcaster.ts'

/** A namespace, with the events by which nodes ask each other for contexts. */
interface ContextsNamespace {
  on(event: 'context:wanted', listener: (wanted: WantedContext) => void): unknown
  on(event: 'context:held', listener: (ask: string, text: string) => void): unknown
  on(event: 'context:forget', listener: (sessionIds: readonly SessionId[]) => void): unknown
  serverSideEmit(event: 'context:wanted', wanted: WantedContext): unknown
  serverSideEmit(event: 'context:held', ask: string, text: string): unknown
  serverSideEmit(event: 'context:forget', sessionIds: readonly SessionId[]): unknown
}

interface WantedContext {
  readonly ask: string
  readonly userId: UserId
  readonly need: ContextNeed
  /** Public half of the key that the context is encrypted for. */
  readonly key: JWK
  /** Of the rest, by the key that the nodes of a database share. */
  readonly proof: string
}

export interface SharedContextsOptions {
  readonly namespace: ContextsNamespace
  readonly vault: ContextVault
  readonly serverKeys: ServerKeyStorage
  /** False for a session that ended; checked when its context is here, so that a sign-out meanwhile finds it. */
  readonly isLive: (sessionId: SessionId) => Promise<boolean>
  /** Tells the user's devices, on any node, that a context is needed. */
  readonly tell: (userId: UserId, need: ContextNeed) => void
  /** True while an action of this node waits for the user's context. */
  readonly isWaiting: (userId: UserId) => boolean
  /** Time for which a node that was asked hands over what devices bring. Milliseconds. */
  readonly waitMs: number
  readonly now: () => number
}

/** Time that other nodes have to answer before the devices are asked. Milliseconds. */
const ANSWER_MS = 150
/** Users whose contexts other nodes wait for; further ones are asked for by their devices alone. */
const MOST_WANTED = 1_000
const ALGORITHM = { alg: 'ECDH-ES', enc: 'A256GCM' } as const

const heldContext = z.object({
  sessionId: z.string().transform((id) => id as SessionId),
  userId: z.string().transform((id) => id as UserId),
  context: z.record(z.string(), z.unknown()),
  expiresAt: z.number().nullable(),
})

export function createSharedContexts(options: SharedContextsOptions) {
  const { namespace, vault, serverKeys, isLive, tell, isWaiting, waitMs, now } = options
  const keys = generateKeyPair(ALGORITHM.alg, { crv: 'P-256' })
  const publicKey = keys.then(({ publicKey: key }) => exportJWK(key))
  // Without a key no context comes from elsewhere: devices are asked.
  publicKey.catch(() => undefined)
  const sharedSecret = createServerSecret(serverKeys, 'contexts', now)

  async function proofOf({ ask, userId, key }: Omit<WantedContext, 'need' | 'proof'>): Promise<string> {
    const text = JSON.stringify([ask, userId, key.x, key.y])
    return createHmac('sha256', await sharedSecret())
      .update(text)
      .digest('base64url')
  }

  async function prove(wanted: Pick<WantedContext, 'ask' | 'userId'>): Promise<Omit<WantedContext, 'need'>> {
    const unproved = { ...wanted, key: await publicKey }
    return { ...unproved, proof: await proofOf(unproved) }
  }

  /** Of other nodes. */
  const wanted = new Map<UserId, WantedContext & { readonly until: number }>()
  const asked = new Set<string>()

  async function handOver(want: WantedContext): Promise<void> {
    const { ask, userId, key } = want
    if (!same(String(want.proof), await proofOf(want))) return
    const held = vault.latest(userId)
    if (held.state !== 'live') return
    const { sessionId, context, expiresAt } = held
    const text = JSON.stringify({ sessionId, userId, context, expiresAt })
    const encrypted = await new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader(ALGORITHM)
      .encrypt(await importJWK(key, ALGORITHM.alg))
    namespace.serverSideEmit('context:held', ask, encrypted)
  }

  async function take(encrypted: string): Promise<void> {
    const { privateKey } = await keys
    const { plaintext } = await compactDecrypt(encrypted, privateKey)
    const parsed = heldContext.safeParse(JSON.parse(new TextDecoder().decode(plaintext)))
    if (!parsed.success) return
    const { sessionId, ...held } = parsed.data
    if (!(await isLive(sessionId))) return
    vault.hold(sessionId, held)
    if (!(await isLive(sessionId))) vault.forget([sessionId])
  }

  namespace.on('context:wanted', (want) => {
    const [oldest] = wanted.keys()
    if (wanted.size >= MOST_WANTED && !wanted.has(want.userId) && oldest !== undefined) wanted.delete(oldest)
    wanted.set(want.userId, { ...want, until: now() + waitMs })
    // A context that the company has just refused is of no use.
    if (want.need.cause !== 'action') void handOver(want).catch(() => undefined)
  })
  namespace.on('context:held', (ask, text) => {
    // An answer is for the node that asked; others could not read it.
    if (asked.delete(ask)) void take(text).catch(() => undefined)
  })
  namespace.on('context:forget', (sessionIds) => vault.forget(sessionIds))
  const unsubscribe = vault.onHeld((userId) => {
    const want = wanted.get(userId)
    if (want === undefined) return
    wanted.delete(userId)
    if (want.until > now()) void handOver(want).catch(() => undefined)
  })

  return {
    /** Asks other nodes, then the user's devices. */
    async need(userId: UserId, need: ContextNeed): Promise<void> {
      const ask = randomUUID()
      const proved = await prove({ ask, userId }).catch(() => null)
      if (proved !== null) {
        asked.add(ask)
        setTimeout(() => asked.delete(ask), waitMs).unref()
        namespace.serverSideEmit('context:wanted', { ...proved, need })
        await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
      }
      if (isWaiting(userId)) tell(userId, need)
    },
    /** The need of another node that waits, for a device that connects meanwhile. */
    pending(userId: UserId): ContextNeed | null {
      const want = wanted.get(userId)
      return want !== undefined && want.until > now() ? want.need : null
    },
    forget: (sessionIds: readonly SessionId[]): void => {
      namespace.serverSideEmit('context:forget', sessionIds)
    },
    close: unsubscribe,
  }
}

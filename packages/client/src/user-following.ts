/** Brings the identity to where the host wants it: sign in, take a new provider, sign out, change users ([ID12]). */
import type { SignOutRequest } from '@chat-widget/protocol'
import type { ChatUser, ConnectionState, IdentityState } from './chat-state.ts'
import type { Reply } from './connection/event-maps.ts'
import { whenConnectedOrClosed } from './connection/when-connected.ts'
import type { Identity } from './identity/identity.ts'

export interface UserFollowingPorts {
  readonly identity: Pick<Identity, 'state' | 'user' | 'use' | 'signingOut' | 'forget' | 'on'>
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
    start(): void
    restart(): void
  }
  readonly signOut: (request: SignOutRequest) => Promise<Reply<null>>
  /** A visitor who was anonymous is a user from now on. */
  readonly adopted: () => void
  /** Forgets everything of an owner, and of anonymous visitors, on screen and in storage. */
  readonly purge: (owner: string) => Promise<void>
  /** The server has revoked the session: its secret is of no use any more. */
  readonly revoked: () => Promise<void>
  /** Signed out, and perhaps already signing in as the next one. */
  readonly departed: () => void
}

/** The owner of what anonymous visitors write. */
export const ANONYMOUS = 'anonymous'

const SETTLED: ReadonlySet<IdentityState['status']> = new Set([
  'anonymous',
  'identified',
  'reauthentication-required',
])

export class UserFollowing {
  readonly #ports: UserFollowingPorts
  #wanted: ChatUser | null = null
  #leaving: Promise<void> | null = null
  #closed = false
  readonly #closers = new Set<() => void>()

  constructor(ports: UserFollowingPorts) {
    this.#ports = ports
  }

  /** As the host wants it; the identity follows. */
  get wanted(): ChatUser | null {
    return this.#wanted
  }

  get isLeaving(): boolean {
    return this.#leaving !== null
  }

  /** Whose the messages written now are. */
  get owner(): string {
    return ownerOf(this.#wanted)
  }

  /**
   * Resolves when the identity is settled: signed in, signed out, or waiting for the host. `afresh`: the host was asked
   * for it, so the user who is signed in signs in again.
   */
  follow(user: ChatUser | null, afresh = false): Promise<void> {
    this.#wanted = user
    if (this.#leaving === null) this.#adopt(afresh)
    return this.#settled()
  }

  /** Resolves after the server revoked the session, of an anonymous visitor too, and local data is gone. */
  logout(everywhere: boolean): Promise<void> {
    this.#wanted = null
    this.#leaving ??= this.#leave(everywhere)
    return this.#settled()
  }

  close(): void {
    this.#closed = true
    for (const close of this.#closers) close()
  }

  #adopt(afresh = false): void {
    const { identity, connection, adopted } = this.#ports
    const wanted = this.#wanted
    const current = identity.user
    if (wanted === null && current === null) return
    if (wanted === null || (current !== null && current.userIdentifier !== wanted.userIdentifier)) {
      this.#leaving = this.#leave(false)
      return
    }
    identity.use(wanted, afresh)
    if (current === null) adopted()
    connection.start()
  }

  async #leave(everywhere: boolean): Promise<void> {
    const { identity, connection, purge, revoked, departed } = this.#ports
    const wasRunning = connection.state.status !== 'closed'
    const isAnonymous = identity.user === null
    const owner = ownerOf(identity.user)
    const revocable = identity.signingOut()
    // Gone from the screen at once: the server may take its time.
    const purged = purge(owner)
    if ((await revocable) || (isAnonymous && wasRunning)) await this.#revoke(everywhere)
    await Promise.all([purged, revoked()])
    if (this.#closed) return
    identity.forget()
    this.#leaving = null
    this.#adopt()
    departed()
    // With a new handshake: nothing of the old session goes along.
    if (wasRunning && !this.isLeaving) connection.restart()
  }

  /** Until the server has done it, or there is nothing left to revoke. */
  async #revoke(everywhere: boolean): Promise<void> {
    const { connection, signOut } = this.#ports
    while (!this.#closed) {
      const { status } = await whenConnectedOrClosed(connection)
      if (status === 'closed') return
      const reply = await signOut({ everywhere })
      if (reply.ok || reply.error.code !== 'server-unreachable') return
    }
  }

  async #settled(): Promise<void> {
    while (this.#leaving !== null && !this.#closed) await this.#leaving
    const { identity } = this.#ports
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!this.#closed && !SETTLED.has(identity.state.status)) return
        off()
        this.#closers.delete(check)
        resolve()
      }
      const off = identity.on('change', check)
      this.#closers.add(check)
      check()
    })
  }
}

const ownerOf = (user: ChatUser | null) => (user === null ? ANONYMOUS : `user:${user.userIdentifier}`)

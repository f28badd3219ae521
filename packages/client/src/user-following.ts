/** Brings the identity to where the host wants it: sign in, take a new provider, sign out, change users ([ID12]). */
import type { SignOutRequest } from '@chat-widget/protocol'
import type { ChatUser, ConnectionState, IdentityState } from './chat-state.ts'
import type { Reply } from './connection/event-maps.ts'
import { whenConnectedOrClosed } from './connection/when-connected.ts'
import type { Identity } from './identity/identity.ts'
import { methodOf } from './identity/signed-in-visitor.ts'
import type { Tabs } from './tabs/tabs.ts'
import { randomId } from './util/random-id.ts'

export interface UserFollowingPorts {
  readonly identity: Pick<Identity, 'state' | 'user' | 'use' | 'signingOut' | 'forget' | 'on'>
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
    start(): void
    restart(): void
  }
  readonly signOut: (request: SignOutRequest) => Promise<Reply<null>>
  readonly tabs: Pick<Tabs, 'join' | 'ask' | 'on'>
  /** Whether the tabs of an anonymous visitor share a session. */
  readonly sharesAnonymous: boolean
  /** A visitor who was anonymous is a user from now on. */
  readonly adopted: () => void
  /** Forgets everything of an owner, and of anonymous visitors, on screen and in storage. `departure` marks the event. */
  readonly purge: (owner: string, departure: string) => Promise<void>
  /** The server has revoked the session: its secret is of no use any more. */
  readonly revoked: () => Promise<void>
  /** Signed out, and perhaps already signing in as the next one. */
  readonly departed: () => void
}

/** The owner of what anonymous visitors write. */
export const ANONYMOUS = 'anonymous'

/** A tab that sleeps follows when it wakes up; nobody waits longer for it. */
const FOLLOWED_WITHIN_MS = 3_000

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
  #sessionOver = () => {}
  readonly #closers = new Set<() => void>()

  constructor(ports: UserFollowingPorts) {
    this.#ports = ports
    this.#join()
    ports.tabs.on('leave', (departure) => this.departed(departure).then(() => ['left', null]))
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

  /** The owner left in another tab. Resolves when nothing of them is left here ([ID13]). */
  departed(departure: string): Promise<void> {
    if (this.#leaving === null) {
      this.#wanted = null
      this.#leaving = this.#leave(false, departure)
    }
    return this.#leaving
  }

  /** The server says that the session has ended: while signing out, there is nothing left to revoke. */
  sessionEnded(): void {
    this.#sessionOver()
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
    if (wanted === null || (current !== null && ownerOf(current) !== ownerOf(wanted))) {
      this.#leaving = this.#leave(false)
      return
    }
    identity.use(wanted, afresh)
    this.#join()
    if (current === null) adopted()
    connection.start()
  }

  #join(): void {
    const { identity, tabs, sharesAnonymous } = this.#ports
    tabs.join(identity.user !== null || sharesAnonymous ? ownerOf(identity.user) : null)
  }

  /** `followed`: the departure in another tab that this one follows. */
  async #leave(everywhere: boolean, followed?: string): Promise<void> {
    const { identity, connection, tabs, purge, revoked, departed } = this.#ports
    const wasRunning = connection.state.status !== 'closed'
    const isAnonymous = identity.user === null
    const owner = ownerOf(identity.user)
    const departure = followed ?? randomId()
    const revocable = identity.signingOut()
    // Gone from the screen at once: the server may take its time.
    const purged = purge(owner, departure)
    const others = followed === undefined ? tabs.ask('leave', departure, 'left', FOLLOWED_WITHIN_MS) : purged
    const alone = others.then(() => tabs.join(null))
    if ((await revocable) || (isAnonymous && wasRunning))
      await this.#revoke(everywhere, followed === undefined)
    await Promise.all([purged, revoked(), alone])
    if (this.#closed) return
    identity.forget()
    this.#join()
    this.#leaving = null
    this.#adopt()
    departed()
    // With a new handshake: nothing of the old session goes along.
    if (wasRunning && !this.isLeaving) connection.restart()
  }

  /**
   * Until the server has done it, or there is nothing left to revoke. Whoever follows another tab tries once: mostly
   * they share a session, which is that tab's to revoke.
   */
  async #revoke(everywhere: boolean, insists: boolean): Promise<void> {
    const { connection, signOut } = this.#ports
    const isOver = new Promise<'over'>((resolve) => {
      this.#sessionOver = () => resolve('over')
    })
    while (!this.#closed && (insists || connection.state.status === 'connected')) {
      const state = await Promise.race([isOver, whenConnectedOrClosed(connection)])
      if (state === 'over' || state.status === 'closed') return
      const reply = await signOut({ everywhere })
      if (!insists || reply.ok || reply.error.code !== 'server-unreachable') return
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

const ownerOf = (user: ChatUser | null) =>
  user === null ? ANONYMOUS : `${methodOf(user) ?? 'user'}:${user.userIdentifier}`

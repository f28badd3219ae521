/** Brings the identity to where the host wants it: sign in, take a new provider, sign out, change users ([ID12]). */
import { ChatError, type ErrorCode, type SignOutRequest } from '@chat-widget/protocol'
import type { ChatUser, ConnectionState, IdentityState } from './chat-state.ts'
import type { Reply } from './connection/event-maps.ts'
import { whenConnectedOrClosed } from './connection/when-connected.ts'
import type { Identity } from './identity/identity.ts'
import { methodOf } from './identity/signed-in-visitor.ts'
import type { Tabs } from './tabs/tabs.ts'
import { pause } from './util/pause.ts'
import { randomId } from './util/random-id.ts'
import type { VisitorSession } from './visitor-session.ts'

export interface UserFollowingPorts {
  readonly identity: Pick<Identity, 'state' | 'user' | 'session' | 'use' | 'signingOut' | 'forget' | 'on'>
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
    restart(): void
  }
  /** Connects, and keeps connected. */
  readonly start: () => void
  readonly signOut: (request: SignOutRequest) => Promise<Reply<null>>
  readonly tabs: Pick<Tabs, 'join' | 'ask' | 'on'>
  /** Whether the tabs of an anonymous visitor share a session. */
  readonly sharesAnonymous: boolean
  readonly session: Pick<VisitorSession, 'anonymous' | 'drop'>
  /** A visitor who was anonymous is a user from now on. */
  readonly adopted: () => void
  /**
   * Forgets everything of an owner, and of anonymous visitors, on screen and in storage; on screen before it returns.
   * `departure` marks the event.
   */
  readonly purge: (owner: string, departure: string) => Promise<void>
  /** Signed out, and perhaps already signing in as the next one. */
  readonly departed: () => void
}

/** The owner of what anonymous visitors write. */
export const ANONYMOUS = 'anonymous'

/** A tab that sleeps follows when it wakes up; nobody waits longer for it. */
const FOLLOWED_WITHIN_MS = 3_000

/** A client that is closed while somebody leaves waits this long for the server to hear of it. */
const FINISHED_WITHIN_MS = 5_000

/** Answers that leave the session as it was. */
const NOT_REVOKED: ReadonlySet<ErrorCode> = new Set([
  'server-unreachable',
  'unavailable',
  'rate-limited',
  'internal',
])
/** Between two tries of a server that cannot do it now. */
const AGAIN_MS = 1_000

const NAME_LENGTH = 8
const ENDED_KEPT = 20

const SETTLED: ReadonlySet<IdentityState['status']> = new Set([
  'anonymous',
  'identified',
  'reauthentication-required',
])

/** One visitor's leaving, from the call that began it until nothing of them is left. */
interface Departure {
  /** Told to the other tabs, and the mark that it leaves in storage. */
  readonly id: string
  /** Whether it began here; a tab that follows another one leaves it to that one to insist. */
  readonly insists: boolean
  /** Whether the user's sessions on other devices are to end, too. */
  everywhere: boolean
  /** What the server was asked last; `null`: nothing yet. */
  asked: { readonly everywhere: boolean } | null
  /** Resolves when it is over; rejects with `closed` when the client was closed before. */
  done: Promise<void>
}

export class UserFollowing {
  readonly #ports: UserFollowingPorts
  #wanted: ChatUser | null = null
  #leaving: Departure | null = null
  #visit = new AbortController()
  #purged: Promise<unknown> = Promise.resolve()
  /** Names of sessions that have ended here: word of their end that comes late ends no other one. */
  #ended: ReadonlySet<string> = new Set()
  #isRetired = false
  #closed = false
  #sessionOver = () => {}
  readonly #checks = new Set<() => void>()

  constructor(ports: UserFollowingPorts) {
    this.#ports = ports
    this.#join()
    ports.tabs.on('leave', async (departure) => {
      // Two tabs that leave at once do not wait for each other's end.
      const emptied = this.isLeaving ? this.#purged : this.departed(departure)
      return emptied.then(
        () => ['left', null],
        () => undefined,
      )
    })
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
   * The stay of the visitor who is there now, from anonymous to signed in. Aborted at the call by which they leave, with
   * the `ChatError` for whatever of theirs is not done yet ([ID12]).
   */
  get visit(): AbortSignal {
    return this.#visit.signal
  }

  /**
   * Resolves when the identity is settled: signed in, signed out, or waiting for the host. `afresh`: the host was asked
   * for it, so the user who is signed in signs in again.
   */
  follow(user: ChatUser | null, afresh = false): Promise<void> {
    if (this.#closed) return Promise.reject(closedError())
    this.#want(user)
    if (this.#leaving === null) this.#adopt(afresh)
    return this.settled()
  }

  /** Resolves after the server revoked the session, of an anonymous visitor too, and local data is gone. */
  async logout(everywhere: boolean): Promise<void> {
    if (this.#closed) throw closedError()
    const isOfWhoLeaves = this.#leaving === null || this.#wanted === null
    this.#want(null)
    const departure = this.#leaving ?? this.#depart(everywhere)
    const isUser = this.#ports.identity.user !== null
    if (everywhere && isOfWhoLeaves) departure.everywhere = true
    await departure.done
    if (everywhere && isUser && !(isOfWhoLeaves && departure.asked?.everywhere))
      throw new ChatError('identity-changed', 'signed out already; other devices are not')
  }

  /** The owner left in another tab. Resolves when nothing of them is left here ([ID13]). */
  departed(id: string): Promise<void> {
    if (this.#leaving !== null) return this.#leaving.done
    if (this.#ended.has(sessionNameOf(id))) return Promise.resolve()
    this.#wanted = null
    return this.#depart(false, id).done
  }

  /** The server says that the session has ended: while signing out, there is nothing left to revoke. */
  sessionEnded(): void {
    this.#sessionOver()
  }

  /** Resolves when nobody is leaving and the identity waits for nothing but the host. Rejects when it never will be so. */
  async settled(): Promise<void> {
    const { identity, connection } = this.#ports
    while (this.#leaving !== null) await this.#leaving.done
    await new Promise<void>((resolve, reject) => {
      const end = (finish: () => void) => {
        for (const off of unsubscribe) off()
        this.#checks.delete(check)
        finish()
      }
      const check = () => {
        const { state } = connection
        if (this.#isSettled) return end(resolve)
        if (this.#closed) return end(() => reject(closedError()))
        if (state.status !== 'closed' || state.reason === undefined) return
        const { reason } = state
        end(() => reject(new ChatError(reason, `not connected: ${reason}`)))
      }
      const unsubscribe = [identity.on('change', check), connection.on('state', check)]
      this.#checks.add(check)
      check()
    })
  }

  /** `anonymous` is a stop on the way where somebody is wanted. */
  get #isSettled(): boolean {
    const { status } = this.#ports.identity.state
    return SETTLED.has(status) && this.#leaving === null && (status !== 'anonymous' || this.#wanted === null)
  }

  /** From now on nobody else is followed. Resolves when a departure under way is over, or after a while. */
  async retire(): Promise<void> {
    this.#isRetired = true
    const { connection } = this.#ports
    if (this.#leaving === null || !['connected', 'connecting'].includes(connection.state.status)) return
    const ended = new AbortController()
    const end = () => ended.abort()
    this.#leaving.done.then(end, end)
    await pause(FINISHED_WITHIN_MS, ended.signal)
  }

  close(): void {
    this.#closed = true
    this.#visit.abort(closedError())
    for (const check of this.#checks) check()
  }

  #want(user: ChatUser | null): void {
    const before = this.#wanted
    this.#wanted = user
    // One who came while another was leaving, and is gone before they were signed in.
    if (this.#leaving !== null && before !== null && ownerOf(before) !== this.owner)
      void this.#purge(ownerOf(before), this.#leaving)
  }

  #adopt(afresh = false): void {
    const { identity, start, adopted } = this.#ports
    const wanted = this.#wanted
    const current = identity.user
    if (wanted === null && current === null) return
    if (wanted === null || (current !== null && ownerOf(current) !== ownerOf(wanted))) {
      this.#depart(false)
      return
    }
    identity.use(wanted, afresh)
    this.#join()
    if (current === null) adopted()
    start()
  }

  #join(): void {
    const { identity, tabs, sharesAnonymous } = this.#ports
    tabs.join(identity.user !== null || sharesAnonymous ? ownerOf(identity.user) : null)
  }

  /** The end of its secret, which is good for nothing else; empty: not known. */
  get #sessionName(): string {
    const { identity, session } = this.#ports
    const secret = identity.user === null ? session.anonymous : identity.session
    return secret?.slice(-NAME_LENGTH) ?? ''
  }

  /**
   * `followed`: the departure in another tab that this one follows. Its id says which session it ends, so that nobody
   * takes it for the end of a later one.
   */
  #depart(everywhere: boolean, followed?: string): Departure {
    const departure: Departure = {
      id: followed ?? `${randomId()} ${this.#sessionName}`,
      insists: followed === undefined,
      everywhere,
      asked: null,
      done: Promise.resolve(),
    }
    this.#leaving = departure
    departure.done = this.#leave(departure)
    departure.done.catch(() => {})
    return departure
  }

  /** Gone from the screen at once: the server, and the storage, may take their time. */
  #purge(owner: string, { id }: Departure): Promise<void> {
    this.#visit.abort(new ChatError('identity-changed', 'the visitor has left'))
    this.#visit = new AbortController()
    const purged = this.#ports.purge(owner, id)
    this.#purged = Promise.all([this.#purged, purged])
    return purged
  }

  async #leave(departure: Departure): Promise<void> {
    const { identity, connection, tabs, session, departed } = this.#ports
    const isRunning = () => connection.state.status !== 'closed'
    const isAnonymous = identity.user === null
    const owner = ownerOf(identity.user)
    const { id, insists } = departure
    const ended = [sessionNameOf(id), this.#sessionName]
    const revocable = identity.signingOut()
    const purged = this.#purge(owner, departure)
    const others = insists ? tabs.ask('leave', id, 'left', FOLLOWED_WITHIN_MS) : purged
    const alone = others.then(() => tabs.join(null))
    if ((await revocable) || (isAnonymous && isRunning())) await this.#revoke(departure)
    await Promise.all([this.#purged, session.drop(), alone])
    if (this.#closed) throw closedError()
    this.#ended = new Set([...this.#ended, ...ended].filter(Boolean).slice(-ENDED_KEPT))
    identity.forget()
    this.#join()
    this.#leaving = null
    if (!this.#isRetired) {
      this.#adopt()
      departed()
    }
    for (const check of this.#checks) check()
    if (this.#isRetired) return
    // With a new handshake: nothing of the old session goes along.
    if (isRunning() && !this.isLeaving) connection.restart()
  }

  /**
   * Until the server has done it, or there is nothing left to revoke. A tab that follows another one tries once: mostly
   * they share a session, which is that tab's to revoke.
   */
  async #revoke(departure: Departure): Promise<void> {
    const { connection, signOut } = this.#ports
    const { insists } = departure
    const isOver = new Promise<'over'>((resolve) => {
      this.#sessionOver = () => resolve('over')
    })
    while (!this.#closed && (insists || connection.state.status === 'connected')) {
      const state = await Promise.race([isOver, whenConnectedOrClosed(connection)])
      if (state === 'over' || state.status === 'closed') return
      const asked = { everywhere: departure.everywhere }
      departure.asked = asked
      const reply = await signOut(asked)
      if (!insists || reply.ok || !NOT_REVOKED.has(reply.error.code)) return
      // Without a connection, the next one is waited for.
      const waitMs = reply.error.code === 'server-unreachable' ? 0 : (reply.error.retryAfterMs ?? AGAIN_MS)
      await Promise.race([isOver, pause(waitMs, this.#visit.signal)])
    }
  }
}

const sessionNameOf = (departure: string) => departure.split(' ')[1] ?? ''

export const closedError = () => new ChatError('closed', 'the client is closed')

const ownerOf = (user: ChatUser | null) =>
  user === null ? ANONYMOUS : `${methodOf(user) ?? 'user'}:${user.userIdentifier}`

/**
 * Which of an owner's tabs leads ([DL6]): it holds a lock, and the one socket that reaches the server. The others go
 * through it. What that takes is loaded when a second tab is there.
 */
import { takeLock } from '../browser/web-locks.ts'
import type { ConnectionState } from '../chat-state.ts'
import type { OtherTabs } from '../connection/server-socket.ts'
import { randomId } from '../util/random-id.ts'
import type { LeadPorts, Term } from './lead-ports.ts'
import type { Sharing } from './sharing.ts'
import { SOCKET_TOPIC, type SocketNote } from './socket-note.ts'

export interface Lead extends OtherTabs {
  readonly isFollowing: boolean
  /** This tab follows a leader that may sign in or renew for both. */
  readonly isRepresented: boolean
  /** Takes the lead from its leader, and connects anew by a socket of this tab's own. */
  takeOver(): Promise<void>
  /** The owner is another. */
  joined(): void
  connectionChanged(state: ConnectionState): void
  /** The server knows this tab, and its session is stored. */
  settled(): void
}

export function createLead(ports: LeadPorts): Lead {
  const { tabs, connection } = ports
  let term: Term | null = null
  let sharing: Sharing | undefined
  let isSettled = false
  let taking: Promise<boolean | undefined> = Promise.resolve(undefined)

  const tell = (note: SocketNote, owner = tabs.owner) => tabs.tell(SOCKET_TOPIC, note, owner)
  const isTrying = () => {
    const { status } = connection().state
    return status !== 'closed' && status !== 'offline'
  }
  const restart = () => {
    if (isTrying()) connection().restart()
  }

  function stepDown(): void {
    term?.release()
    term = null
  }

  /** Resolves to `true` when this tab leads, by it; to `false` if another tab leads. */
  async function take(how: Parameters<typeof takeLock>[1]): Promise<boolean | undefined> {
    const lock = tabs.lead
    if (lock === null || term !== null || !isTrying()) return undefined
    let mine: Term | undefined
    const release = await takeLock(lock, how, () => {
      if (mine !== term) return
      stepDown()
      restart()
    })
    if (!release) return release === null ? false : undefined
    if (lock !== tabs.lead || term !== null || !isTrying()) {
      release()
      return undefined
    }
    sharing?.stop()
    term = mine = { lock, id: randomId(), owner: tabs.owner, release }
    return true
  }

  /** One after the other: a tab that asked twice at once would find itself in the lead, and follow itself. */
  function takeIfFree(): Promise<boolean | undefined> {
    taking = taking.then(() => take({ ifAvailable: true }))
    return taking
  }

  async function share(): Promise<Sharing | undefined> {
    const code = await import('./sharing.ts').catch(() => undefined)
    sharing ??= code?.createSharing({
      ...ports,
      isSettled: () => isSettled,
      term: () => term,
      tell,
      take,
      restart,
    })
    return sharing
  }

  async function hear(note: SocketNote): Promise<void> {
    const mine = term
    if (mine === null) return sharing?.hear(note)
    if (note.type !== 'hello' && !('to' in note && note.to === mine.id)) return
    if (note.type === 'hello' || note.type === 'ping') tell({ type: 'here', from: mine.id, to: note.from })
    const shared = await share()
    if (mine !== term) return
    // Another tab may be able to.
    if (shared === undefined) stepDown()
    else shared.hear(note)
  }
  tabs.on(SOCKET_TOPIC, (note) => void hear(note))

  async function find(): ReturnType<OtherTabs['find']> {
    const lock = tabs.lead
    if (term?.lock !== lock) stepDown()
    const isFree = await takeIfFree()
    if (lock !== tabs.lead) return find()
    return isFree === false ? ((await share())?.find() ?? null) : null
  }

  /** A tab with a socket of its own leads, if nobody else does. */
  function claim(): void {
    if (connection().state.status === 'connected' && !sharing?.isFollowing) void takeIfFree()
  }

  return {
    find,
    confirm: () => sharing?.confirm(),
    told: (name, detail) => sharing?.told(name, detail),
    get isFollowing() {
      return sharing?.isFollowing === true
    },
    get isRepresented() {
      return sharing?.isFollowing === true && !sharing.isStranger
    },
    async takeOver() {
      await take({ steal: true })
      restart()
    },
    joined() {
      const lock = tabs.lead
      if (lock === term?.lock) return
      // Who is leaving signs out by this socket, and another owner comes next.
      if (lock !== null) stepDown()
      sharing?.joined()
      claim()
    },
    settled() {
      isSettled = connection().state.status === 'connected'
      if (isSettled && term !== null) tell({ type: 'up', from: term.id, shown: ports.shown() })
    },
    connectionChanged(state) {
      isSettled = false
      if (state.status !== 'connecting' && state.status !== 'connected') {
        sharing?.disconnected(state)
        stepDown()
      }
      claim()
    },
  }
}

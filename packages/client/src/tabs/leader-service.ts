/** The leader's side of its socket: what the server tells goes to all followers, what they ask goes to the server. */
import type { Ready } from '@chat-widget/protocol'
import { countHolders } from '../browser/web-locks.ts'
import type { Reply } from '../connection/event-maps.ts'
import { refusal } from './follower.ts'
import type { LeadPorts, SharingPorts, Term } from './lead-ports.ts'
import type { SocketNote } from './socket-note.ts'

export interface LeaderService {
  readonly term: Term
  /** A note to the leader. */
  hear(note: SocketNote): void
  told(name: string, detail: unknown): void
  lost(): void
  confirm(): Promise<void> | undefined
}

/** As whom a tab connects that is to sign in and has no session yet. */
const NO_SESSION = 'identify '
/** Requests of all followers that the server has not answered. */
const REQUESTS_AT_MOST = 200
/** After this long, a page that stood still may have been taken for dead, and its lock stolen. */
const SURE_FOR_MS = 700

export function createLeaderService(ports: SharingPorts, term: Term): LeaderService {
  const { id, lock, owner } = term
  const connection = ports.connection()
  const tell = (note: SocketNote) => ports.tell(note, owner)
  let requests = 0
  let sureAt = Date.now()
  let confirming: Promise<void> | undefined

  function welcome({ from, shown }: Extract<SocketNote, { type: 'hello' }>): void {
    const ready = ports.isSettled() ? readyOf(ports.visitor()) : null
    // It is told when this tab is connected, or has lost hope.
    if (ready === null) return
    // By the same secret, or else the other tab would be somebody else when it leads.
    const isSame = shown === ports.shown()
    const isStranger = !isSame && shown === NO_SESSION && ready.identity.status === 'identified'
    const answer = isSame ? ready : isStranger ? strangersReady(ready) : null
    tell({ type: 'welcome', from: id, to: from, ready: answer, isStranger })
  }

  async function request(note: Extract<SocketNote, { type: 'request' }>): Promise<void> {
    const { from, name, payload } = note
    const answer = (reply: Reply<unknown>) => tell({ type: 'answer', from: id, to: from, id: note.id, reply })
    if (requests >= REQUESTS_AT_MOST) return answer(refusal('rate-limited'))
    requests += 1
    const reply = await connection.request(name, payload)
    requests -= 1
    answer(reply)
    // [DL15] The socket shows one conversation, so all tabs do.
    if (reply.ok && (name === 'conversation:start' || name === 'conversation:show'))
      connection.tell('conversation', reply.value)
  }

  return {
    term,
    hear(note) {
      switch (note.type) {
        case 'hello':
          welcome(note)
          break
        case 'request':
          void request(note)
          break
        case 'notify':
          connection.notify(note.name, note.payload)
          break
        default:
      }
    },
    told(name, detail) {
      if (name !== 'ready') tell({ type: 'event', from: id, name, detail })
    },
    lost: () => tell({ type: 'lost', from: id }),
    confirm() {
      if (confirming === undefined && Date.now() - sureAt < SURE_FOR_MS) return undefined
      // The browser tells of a stolen lock before it answers this.
      confirming ??= countHolders(lock, SURE_FOR_MS).then(() => {
        sureAt = Date.now()
        confirming = undefined
      })
      return confirming
    },
  }
}

/** What the server would tell a socket that connects now; `null` while that is not known. */
function readyOf({ identity, conversation, status, app }: ReturnType<LeadPorts['visitor']>): Ready | null {
  const { wire, now } = identity
  if (wire === null || app === null) return null
  const { id, timeline, confirmedSeq: visitorReadSeq } = conversation
  const { headSeq, peer } = timeline
  const positions = {
    ...{ headSeq, visitorReadSeq, agentReadSeq: peer.read },
    // The leader tells for its followers.
    ...{ visitorDeliveredSeq: headSeq, agentDeliveredSeq: peer.delivered },
  }
  return {
    serverTime: now,
    identity: wire,
    conversation: id && { id, status, ...positions },
    app,
  }
}

/** As the server greets a device that wants to identify itself. */
const strangersReady = ({ serverTime, app }: Ready): Ready => ({
  serverTime,
  app,
  identity: { status: 'unidentified' },
  conversation: null,
})

/** A follower's side of the leader's socket. To the connection it is a socket like its own. */
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import type { ServerSocket } from '../connection/server-socket.ts'
import { randomId } from '../util/random-id.ts'
import type { SharingPorts } from './lead-ports.ts'
import type { SocketNote } from './socket-note.ts'

export type FollowerPorts = Pick<SharingPorts, 'shown' | 'peek' | 'connection' | 'tell' | 'take' | 'restart'>

export interface Follower {
  readonly isFollowing: boolean
  /** The leader is signed in, and this tab is not yet. */
  readonly isStranger: boolean
  /** Resolves when the leader has answered; `null`: this tab needs a socket of its own. */
  find(): Promise<ServerSocket | null>
  hear(note: SocketNote): void
  /** Nobody is followed any more. */
  stop(): void
}

/** A leader that says nothing for two of these, while this page was running, is taken for dead. */
const TICK_MS = 500
const SILENT_TICKS = 2
/** Requests that the leader has not answered. */
const REQUESTS_AT_MOST = 100

export function createFollower(ports: FollowerPorts): Follower {
  let socket: FollowerSocket | null = null
  /** The leader is connected as somebody else: the next attempt is by a socket of this tab's own. */
  let isAlone = false

  function stop(): void {
    socket?.disconnect()
    socket = null
  }

  return {
    get isFollowing() {
      return socket !== null
    },
    get isStranger() {
      return socket?.isStranger === true
    },
    async find() {
      stop()
      if (isAlone) {
        isAlone = false
        return null
      }
      const found = new FollowerSocket(ports, () => {
        isAlone = found.isConnecting
        if (socket === found) socket = null
      })
      socket = found
      await found.answered
      return socket === found ? found : null
    },
    hear(note) {
      if (socket !== null) socket.hear(note)
      // The leader connects as this tab has, e.g. as the user whom one of them has signed in.
      else if (
        note.type === 'up' &&
        ports.connection().state.status === 'connected' &&
        note.shown === ports.shown()
      )
        ports.restart()
    },
    stop,
  }
}

type Answer = (error: Error | null, reply?: unknown) => void

class FollowerSocket implements ServerSocket {
  readonly sendBuffer: unknown[] = []
  /** Resolves when the leader has said something. */
  readonly answered: Promise<void>
  readonly #ports: FollowerPorts
  readonly #id = randomId()
  readonly #refused: () => void
  readonly #over = new AbortController()
  readonly #ticking: ReturnType<typeof setInterval>
  readonly #listeners = new Map<string, (error: Error) => void>()
  readonly #unanswered = new Map<number, Answer>()
  #onAny: (name: string, detail: unknown) => void = () => {}
  #hasAnswered = () => {}
  #leader = ''
  #silentTicks = 0
  #requests = 0
  #state: 'asking' | 'connecting' | 'stranger' | 'connected' = 'asking'

  /** `refused`: the leader is connected as somebody else. */
  constructor(ports: FollowerPorts, refused: () => void) {
    this.#ports = ports
    this.#refused = refused
    this.answered = new Promise((resolve) => {
      this.#hasAnswered = resolve
    })
    this.#ticking = setInterval(() => this.#tick(), TICK_MS)
    void this.#lead({ signal: this.#over.signal })
    void this.#hello()
  }

  /** The connection goes by this socket. */
  get isConnecting(): boolean {
    return this.#state !== 'asking'
  }

  get isStranger(): boolean {
    return this.#state === 'stranger'
  }

  on(name: string, listener: (error: Error) => void): void {
    this.#listeners.set(name, listener)
  }

  onAny(listener: (name: string, detail: unknown) => void): void {
    this.#onAny = listener
  }

  off(): void {
    this.#listeners.clear()
  }

  offAny(): void {
    this.#onAny = () => {}
  }

  connect(): void {
    if (this.#state !== 'asking') return
    this.#state = 'connecting'
    void this.#hello()
  }

  disconnect(): void {
    clearInterval(this.#ticking)
    this.#over.abort()
    this.#state = 'asking'
    this.#hasAnswered()
    this.#giveUp()
  }

  emit(name: string, payload: unknown): void {
    const note = { from: this.#id, to: this.#leader, name, payload } as const
    if (this.#state === 'connected') this.#ports.tell({ type: 'notify', ...note })
  }

  timeout(ms: number): { emit(name: string, payload: unknown, answer: Answer): void } {
    return { emit: (name, payload, answer) => this.#request(name, payload, answer, ms) }
  }

  hear(note: SocketNote): void {
    if ('to' in note && note.to !== this.#id) return
    switch (note.type) {
      case 'event':
        if (note.from === this.#leader && this.#state === 'connected') this.#onAny(note.name, note.detail)
        return
      case 'lost':
        if (note.from === this.#leader) this.#tell('disconnect')
        return
      case 'here':
      case 'up':
      case 'welcome':
      case 'answer':
        this.#follow(note.from)
        break
      default:
        return
    }
    if (note.type === 'up') void this.#hello()
    else if (note.type === 'welcome') this.#welcomed(note)
    else if (note.type === 'answer') this.#unanswered.get(note.id)?.(null, note.reply)
  }

  #follow(leader: string): void {
    this.#silentTicks = 0
    // A request that the former leader did not answer may or may not have reached the server.
    if (leader !== this.#leader) this.#giveUp()
    this.#leader = leader
    this.#hasAnswered()
  }

  #welcomed({ ready, isStranger }: Extract<SocketNote, { type: 'welcome' }>): void {
    if (ready === null) {
      this.#refused()
      this.#tell('disconnect')
      this.disconnect()
    }
    if (ready === null || this.#state === 'asking') return
    this.#state = isStranger ? 'stranger' : 'connected'
    this.#onAny('ready', ready)
  }

  #request(name: string, payload: unknown, answer: Answer, ms: number): void {
    // [ID3] Contexts never leave the tab whose host gave them.
    const isSecret = name === 'identity:authenticate'
    if (isSecret) void this.#lead({ steal: true })
    const isOpen = this.#state === 'stranger' || this.#state === 'connected'
    if (isSecret || !isOpen) {
      answer(new Error('no leader, or a request for a socket of its own'))
      return
    }
    const { isStranger } = this
    if (isStranger || this.#unanswered.size >= REQUESTS_AT_MOST) {
      answer(null, isStranger ? refusal('unauthenticated') : refusal('rate-limited'))
      return
    }
    this.#requests += 1
    const id = this.#requests
    const end: Answer = (error, reply) => {
      clearTimeout(timer)
      this.#unanswered.delete(id)
      answer(error, reply)
    }
    const timer = setTimeout(() => end(new Error('no answer')), ms)
    this.#unanswered.set(id, end)
    this.#ports.tell({ type: 'request', from: this.#id, to: this.#leader, id, name, payload })
  }

  #tick(): void {
    this.#silentTicks += 1
    if (this.#silentTicks > SILENT_TICKS) void this.#lead({ steal: true })
    // A leader that was not ready for the first one, e.g. because its visitor was leaving, may have said nothing since.
    else if (this.#leader === '' || this.#state === 'connecting') void this.#hello()
    else this.#ports.tell({ type: 'ping', from: this.#id, to: this.#leader })
  }

  /** And connects by a socket of this tab's own. */
  async #lead(how: Parameters<FollowerPorts['take']>[0]): Promise<void> {
    if (await this.#ports.take(how)) this.#ports.restart()
  }

  async #hello(): Promise<void> {
    const shown = await this.#ports.peek().catch(() => undefined)
    if (shown !== undefined && !this.#over.signal.aborted)
      this.#ports.tell({ type: 'hello', from: this.#id, shown })
  }

  #giveUp(): void {
    for (const answer of [...this.#unanswered.values()]) answer(new Error('the leader is gone'))
  }

  #tell(name: string): void {
    this.#listeners.get(name)?.(new Error(name))
  }
}

/** An answer that a tab gives instead of the server. */
export const refusal = (code: ReplyError['code']): Reply<never> => ({
  ok: false,
  error: { code, message: 'by the tab itself', retryAfterMs: 1_000 },
})

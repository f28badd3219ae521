/** A browser with tabs that stand still, crash and are closed, and a server of one visitor: all in memory, by fake timers. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Message } from '@chat-widget/protocol'
import { Manager, type Socket } from 'socket.io-client'
import { vi } from 'vitest'
import { ChatClient } from '../chat-client.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createFakeLocks } from '../util/fake-locks.testing.ts'

type Work = () => void

/** A page: what comes to it while it stands still waits until it goes on. */
class Page {
  readonly window = new EventTarget()
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  #state: 'running' | 'standing' | 'gone' = 'running'
  #waiting: Work[] = []
  #atEnd: Work[] = []

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  get isGone(): boolean {
    return this.#state === 'gone'
  }

  run(work: Work): void {
    if (this.#state === 'running') current.run(this, work)
    else if (this.#state === 'standing') this.#waiting.push(work)
  }

  stand(): void {
    if (this.#state === 'running') this.#state = 'standing'
  }

  goOn(): void {
    if (this.#state !== 'standing') return
    this.#state = 'running'
    for (const work of this.#waiting.splice(0)) this.run(work)
  }

  crash(): void {
    this.#state = 'gone'
    for (const work of this.#atEnd.splice(0)) work()
  }

  atEnd(work: Work): void {
    if (this.isGone) work()
    else this.#atEnd.push(work)
  }
}

const current = new AsyncLocalStorage<Page>()

interface Handshake {
  readonly session?: string
}

type Auth = (send: (handshake: Handshake) => void) => void
type Answer = (error: Error | null, reply?: unknown) => void

/** One visitor's conversation, and the sockets that are open. */
class Server {
  readonly messages: Message[] = []
  readonly sockets = new Set<FakeSocket>()
  #sessions = 0

  accept(socket: FakeSocket, { session }: Handshake): void {
    this.sockets.add(socket)
    const token =
      session === undefined
        ? `token-of-256-random-bits-${crypto.randomUUID()}-${++this.#sessions}`
        : undefined
    socket.tell('ready', {
      serverTime: Date.now(),
      identity: { status: 'anonymous' },
      ...(token !== undefined && { session: { token } }),
      conversation: {
        id: CONVERSATION,
        status: 'open',
        headSeq: this.messages.length,
        visitorReadSeq: 0,
        agentReadSeq: 0,
        visitorDeliveredSeq: 0,
        agentDeliveredSeq: 0,
      },
      app: { name: 'Shop', login: { methods: [], continueAsGuest: true } },
    })
  }

  /** Number of visitors that the server took the tabs for. */
  get sessions(): number {
    return this.#sessions
  }

  handle(name: string, payload: { clientId: string; text: string; after?: number; limit: number }): unknown {
    switch (name) {
      case 'message:send': {
        const { clientId, text } = payload
        const known = this.messages.find((message) => message.clientId === clientId)
        if (known !== undefined) return known
        const seq = this.messages.length + 1
        const message = {
          ...{ id: `message-${seq}`, clientId, conversationId: CONVERSATION, seq, kind: 'text', text },
          ...{ author: { kind: 'visitor' }, createdAt: new Date().toISOString() },
        } as unknown as Message
        this.messages.push(message)
        for (const socket of this.sockets) socket.tell('message', message)
        return message
      }
      case 'messages:fetch': {
        const { after, limit } = payload
        const messages =
          after === undefined ? this.messages.slice(-limit) : this.messages.slice(after, after + limit)
        return { messages, headSeq: this.messages.length }
      }
      case 'conversations:list':
        return { conversations: [] }
      default:
        return null
    }
  }
}

/** Socket.IO's, as far as a connection uses it. A packet takes a few milliseconds. */
class FakeSocket {
  sendBuffer: unknown[] = []
  readonly #auth: Auth
  readonly #page = current.getStore() as Page
  readonly #listeners = new Map<string, Work>()
  readonly #unanswered = new Set<Answer>()
  #any: (name: string, detail: unknown) => void = () => {}
  #isOpen = false

  constructor(auth: Auth) {
    this.#auth = auth
    this.#page.atEnd(() => world?.server.sockets.delete(this))
  }

  on(name: string, listener: Work): void {
    this.#listeners.set(name, listener)
  }
  onAny(listener: (name: string, detail: unknown) => void): void {
    this.#any = listener
  }
  off(): void {
    this.#listeners.clear()
  }
  offAny(): void {
    this.#any = () => {}
  }

  connect(): void {
    this.#isOpen = true
    this.#auth((handshake) =>
      later(this.#page, () => {
        if (this.#isOpen) world?.server.accept(this, handshake)
      }),
    )
  }

  disconnect(): void {
    this.#isOpen = false
    world?.server.sockets.delete(this)
    for (const answer of [...this.#unanswered]) answer(new Error('disconnected'))
  }

  /** The network breaks. */
  cut(): void {
    world?.server.sockets.delete(this)
    later(this.#page, () => this.#listeners.get('disconnect')?.())
  }

  tell(name: string, detail: unknown): void {
    later(this.#page, () => this.#isOpen && this.#any(name, structuredClone(detail)))
  }

  emit(): void {}

  timeout(ms: number) {
    return {
      emit: (name: string, payload: never, answer: Answer) => {
        const end: Answer = (error, reply) => {
          if (this.#unanswered.delete(end)) answer(error, reply)
        }
        this.#unanswered.add(end)
        setTimeout(() => end(new Error('no answer')), ms)
        later(undefined, () => {
          if (world === null || !world.server.sockets.has(this)) return
          const value = structuredClone(world.server.handle(name, payload))
          later(this.#page, () => this.#isOpen && end(null, { ok: true, value }))
        })
      },
    }
  }
}

const CONVERSATION = '10000000-0000-4000-8000-000000000001'
const LATENCY_MS = 3
const later = (page: Page | undefined, work: Work) =>
  native.setTimeout(() => (page === undefined ? work() : page.run(work)), LATENCY_MS)

let native = { setTimeout, setInterval }
let world: BrowserWorld | null = null

export interface BrowserTab {
  readonly client: ChatClient
  readonly page: Page
}

export class BrowserWorld {
  readonly server = new Server()
  readonly tabs: BrowserTab[] = []
  readonly #storage = createMemoryStorage()
  readonly #sockets = vi
    .spyOn(Manager.prototype, 'socket')
    .mockImplementation((_namespace, options) => new FakeSocket(options?.auth as Auth) as unknown as Socket)

  constructor() {
    world = this
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
    native = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval }
    const { setTimeout: set, setInterval: repeat } = native
    const bound = (work: Work) => {
      const page = current.getStore()
      return () => (page === undefined ? work() : page.run(work))
    }
    vi.stubGlobal('setTimeout', (work: Work, ms?: number) => set(bound(work), ms))
    vi.stubGlobal('setInterval', (work: Work, ms?: number) => repeat(bound(work), ms))
    vi.stubGlobal('BroadcastChannel', FakeChannel)
    vi.stubGlobal('WebSocket', class {})
    vi.stubGlobal('navigator', { onLine: true, locks: locksByPage() })
    FakeChannel.open.clear()
  }

  open(): BrowserTab {
    const page = new Page()
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', page.document)
    vi.stubGlobal('addEventListener', page.window.addEventListener.bind(page.window))
    let client: ChatClient | undefined
    page.run(() => {
      client = new ChatClient({
        app: 'shop',
        server: 'http://chat.test',
        storage: { ...this.#storage, kind: 'persistent', scope: undefined } as never,
      })
      void client.connect().catch(() => {})
    })
    const tab = { client: client as unknown as ChatClient, page }
    this.tabs.push(tab)
    return tab
  }

  /** Chromium tells a page that it will be frozen. */
  freeze({ page }: BrowserTab): void {
    page.run(() => page.document.dispatchEvent(new Event('freeze')))
    page.stand()
  }

  thaw({ page }: BrowserTab): void {
    page.goOn()
    page.run(() => page.document.dispatchEvent(new Event('resume')))
  }

  /** Time goes by; chunks that are loaded meanwhile are there. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 25) {
      await vi.advanceTimersByTimeAsync(25)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Nothing of it goes on, for who runs next in this process. */
  async end(): Promise<void> {
    if (world !== this) return
    for (const { client, page } of this.tabs) {
      page.crash()
      void client.close()
    }
    await this.pass(25)
    world = null
    this.#sockets.mockRestore()
    // Stubs were put over the fake timers: in the other order the fake ones, which stand still by then, would stay.
    vi.unstubAllGlobals()
    vi.useRealTimers()
  }
}

class FakeChannel {
  static readonly open = new Set<FakeChannel>()
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  readonly #name: string
  readonly #page = current.getStore() as Page

  constructor(name: string) {
    this.#name = name
    FakeChannel.open.add(this)
    this.#page.atEnd(() => this.close())
  }

  postMessage(value: unknown): void {
    for (const other of FakeChannel.open) {
      if (other === this || other.#name !== this.#name) continue
      const data = structuredClone(value)
      native.setTimeout(
        () => other.#page.run(() => FakeChannel.open.has(other) && other.onmessage?.({ data })),
        1,
      )
    }
  }

  close(): void {
    FakeChannel.open.delete(this)
  }
}

/** A page that stands still keeps its locks, and hears of nothing; one that is gone lets go of all. */
function locksByPage() {
  const locks = createFakeLocks()
  const heard = <Value>(page: Page, answer: Promise<Value>) =>
    new Promise<Value>((resolve, reject) => {
      answer.then(
        (value) => page.run(() => resolve(value)),
        (error) => page.run(() => reject(error)),
      )
    })
  return {
    request<Value>(name: string, options: object, work: (lock: object | null) => Value | Promise<Value>) {
      const page = current.getStore() as Page
      const held = locks.request(
        name,
        options,
        (lock) =>
          new Promise<Value | undefined>((resolve, reject) => {
            page.atEnd(() => resolve(undefined))
            page.run(() => {
              Promise.resolve()
                .then(() => work(lock))
                .then(resolve, reject)
            })
          }),
      )
      return heard(page, held)
    },
    query: () => heard(current.getStore() as Page, locks.query()),
  }
}

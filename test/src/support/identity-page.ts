/** A page of a shop with the widget and a recording provider, on a device whose clock the test controls. */
import type { Page } from 'playwright'
import { type HostSite, pageWithWidget } from './host-site.ts'
import type { ServerClock } from './server-clock.ts'
import { mintToken } from './shop.ts'
import { until } from './wait.ts'
import { isConnected, stateOf, type WidgetPage, widgetOn } from './widget-page.ts'

/** Behaviour of the provider; `fresh` is a token for the right customer. */
type Answer = 'fresh' | 'expired' | 'invalid' | 'mismatch' | 'hangs' | 'throws'

interface ProviderCall {
  readonly needsRefresh: boolean
  /** By the device's clock. */
  readonly at: number
  /** Milliseconds after which it was told to stop, by the same clock; `null`: it was not. */
  readonly stoppedAfter: number | null
}

export interface IdentityPage {
  readonly page: Page
  readonly chat: WidgetPage
  /** Calls of the provider, oldest first. */
  calls(): Promise<readonly ProviderCall[]>
  /** `needsRefresh` of each call. */
  flags(): Promise<readonly boolean[]>
  /** Sets the provider's behaviour from now on. */
  answer(answer: Answer): Promise<void>
  /** Answers the first call that hung, with a fresh token. */
  answerLate(): Promise<void>
  /**
   * Events that the host received: codes of `widget-error`, and of `identity-change` to `reauthentication-required`.
   */
  codes(): Promise<{ readonly errors: readonly string[]; readonly states: readonly string[] }>
  /** Statuses of `identity-change`, in order. */
  statuses(): Promise<readonly string[]>
  identity(): Promise<{ readonly status: string; readonly expiresAt?: number }>
  /** Sets the customer, and opens the panel if it is closed. */
  setUser(): Promise<void>
  /** As `setUser`, and waits until the server knows the customer. */
  signIn(): Promise<void>
  /**
   * Lets time pass on the server and on the device, in steps of `stepMs`; `deviceMs` on the latter. The duration of the
   * steps is part of it.
   */
  pass(ms: number, options?: { readonly deviceMs?: number; readonly stepMs?: number }): Promise<void>
  /** Lets time pass on the device, unless it waits for the server, which would not answer sooner. */
  tick(ms: number): Promise<void>
  /** Resolves when every request of the page is answered. */
  rests(): Promise<void>
  /** Sends a message, and waits until the server has it. */
  say(text: string): Promise<void>
  /** Counts over every connection since the page was loaded. */
  wire(): Promise<{
    /** Number of times that the page sent a text. */
    sent(text: string): number
    /** Number of answers with this code. */
    readonly refused: number
    /** Number of contexts sent to the server. */
    readonly authentications: number
    readonly connections: number
  }>
}

export interface IdentityPageOptions {
  readonly site: HostSite
  readonly server: string
  readonly clock: ServerClock
  readonly lifetimeSeconds: number
  /** Milliseconds by which the device's clock is ahead of the server's. */
  readonly aheadMs?: number
}

let customers = 0

export async function openIdentityPage(page: Page, options: IdentityPageOptions): Promise<IdentityPage> {
  const { site, server, clock, lifetimeSeconds, aheadMs = 0 } = options
  const customer = `customer-${++customers}@example.com`
  await page.clock.install({ time: clock.now() + aheadMs })
  await page.exposeFunction('mint', (kind: 'fresh' | 'expired' | 'mismatch') =>
    mintToken(
      kind === 'mismatch' ? 'mallory@example.com' : customer,
      kind === 'expired' ? -1 : lifetimeSeconds,
      { at: clock.now() },
    ),
  )
  await page.addInitScript(watchHost)
  await page.goto(site.page('/shop', pageWithWidget(server)))
  const chat = widgetOn(page)
  const read = <Key extends keyof Watched>(key: Key) =>
    page.evaluate((name) => (globalThis as unknown as { watched: Watched }).watched[name], key)

  const setUser = async () => {
    await page.evaluate((userIdentifier) => {
      const { provider } = globalThis as unknown as { provider: unknown }
      Object.assign(document.querySelector('chat-widget') as Element, {
        user: { userIdentifier, requestContextProvider: provider },
      })
    }, customer)
    if (!(await stateOf(page)).open) await chat.open()
  }
  return {
    page,
    chat,
    calls: () => read('calls'),
    flags: async () => (await read('calls')).map(({ needsRefresh }) => needsRefresh),
    answer: (answer) =>
      page.evaluate((next) => {
        ;(globalThis as unknown as { watched: Watched }).watched.answer = next
      }, answer),
    answerLate: () =>
      page.evaluate(() => (globalThis as unknown as { answerLate(): Promise<void> }).answerLate()),
    codes: async () => ({ errors: await read('errors'), states: await read('states') }),
    statuses: () => read('statuses'),
    identity: async () => (await stateOf(page)).identity,
    setUser,
    async signIn() {
      await setUser()
      await isConnected(page)
      await until(
        'the customer is signed in',
        async () => (await stateOf(page)).identity.status === 'identified',
      )
    },
    async pass(ms, { deviceMs = ms, stepMs = 2_500 } = {}) {
      const end = clock.now() + ms
      for (let left = ms; left > 0; left = end - clock.now()) {
        const step = Math.min(stepMs, left)
        clock.move(step)
        await page.clock.runFor((step * deviceMs) / ms)
        // Otherwise a minute passes while an answer is on its way.
        await until('nothing is on its way', async () => {
          const { connection, identity } = await stateOf(page)
          return connection.status === 'connected' && identity.status !== 'refreshing'
        })
      }
    },
    async tick(ms) {
      if ((await read('opening')) === 0) await page.clock.runFor(ms)
    },
    rests: () => until('the page is answered', async () => (await read('asking')) === 0),
    async say(text) {
      await chat.say(text)
      await chat.isSent()
      await chat.shows(text)
    },
    async wire() {
      const [sent, received] = [await read('sent'), await read('received')]
      const withEvent = (event: string) => sent.filter((frame) => frame.includes(`"${event}"`))
      return {
        sent: (text) => withEvent('message:send').filter((frame) => frame.includes(text)).length,
        refused: received.filter((frame) => frame.includes('context-expired')).length,
        authentications: withEvent('identity:authenticate').length,
        connections: await read('connections'),
      }
    },
  }
}

interface Watched {
  calls: ProviderCall[]
  errors: string[]
  states: string[]
  statuses: string[]
  answer: Answer
  sent: string[]
  received: string[]
  connections: number
  /** Connections on which the server has not yet sent the identity. */
  opening: number
  /** Requests without an answer, on open connections. */
  asking: number
}

/** Runs in the page. */
function watchHost(): void {
  const calls: { needsRefresh: boolean; at: number; stoppedAfter: number | null }[] = []
  const late: (() => void)[] = []
  const watched = {
    calls,
    errors: [] as unknown[],
    states: [] as unknown[],
    statuses: [] as unknown[],
    answer: 'fresh',
    sent: [] as string[],
    received: [] as string[],
    connections: 0,
    opening: 0,
    asking: 0,
  }
  // The tools count a timer from their last look at the clock: makes them look now.
  const { setTimeout } = globalThis
  globalThis.setTimeout = ((...timer: Parameters<typeof setTimeout>) => {
    Date.now()
    return setTimeout(...timer)
  }) as typeof setTimeout
  /** Packets of Socket.IO, in any namespace: events that ask for an answer, and answers. */
  const [request, answer] = [/^42(\/[^,]*,)?\d+\[/, /^43/]
  // In the page: the tools lose track of the connections of a page that was in the back/forward cache.
  globalThis.WebSocket = class extends WebSocket {
    #asking = 0

    constructor(...options: ConstructorParameters<typeof WebSocket>) {
      super(...options)
      watched.connections += 1
      watched.opening += 1
      let isOpening = true
      const opened = () => {
        if (isOpening) watched.opening -= 1
        isOpening = false
      }
      this.addEventListener('close', () => {
        opened()
        this.#ask(-this.#asking)
      })
      this.addEventListener('message', ({ data }) => {
        watched.received.push(String(data))
        if (answer.test(String(data))) this.#ask(-1)
        if (String(data).includes('"ready"')) opened()
      })
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      watched.sent.push(String(data))
      if (request.test(String(data))) this.#ask(1)
      super.send(data)
    }

    #ask(more: number): void {
      this.#asking += more
      watched.asking += more
    }
  }
  const { mint } = globalThis as unknown as { mint(kind: string): Promise<string> }
  const contextOf = async (kind: string) => ({ Auth: { Token: await mint(kind) } })
  async function provider(needsRefresh: boolean, { signal }: { signal: AbortSignal }) {
    const call = { needsRefresh, at: Date.now(), stoppedAfter: null as number | null }
    calls.push(call)
    signal.addEventListener('abort', () => {
      call.stoppedAfter = Date.now() - call.at
    })
    switch (watched.answer) {
      case 'throws':
        throw new Error('the shop is down')
      case 'invalid':
        return { Auth: { Token: 'no token at all' } }
      case 'hangs':
        return new Promise<unknown>((resolve) => late.push(() => resolve(contextOf('fresh'))))
      default:
        return contextOf(watched.answer)
    }
  }
  const answerLate = async () => late[0]?.()
  Object.assign(globalThis, { watched, provider, answerLate })
  document.addEventListener('widget-error', (event) =>
    watched.errors.push((event as CustomEvent<{ code: string }>).detail.code),
  )
  document.addEventListener('identity-change', (event) => {
    const { identity } = (event as CustomEvent<{ identity: { status: string; code?: string } }>).detail
    watched.statuses.push(identity.status)
    if (identity.code !== undefined) watched.states.push(identity.code)
  })
}

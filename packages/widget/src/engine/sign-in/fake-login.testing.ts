/** A login inside the chat without a server: tests set its state and read its calls. */
import type { BuiltInLogin, BuiltInLoginState } from '@chat-widget/client/built-in-login'

type Waiting = BuiltInLoginState & { status: 'waiting' }

export interface FakeLogin extends BuiltInLogin {
  /** Calls, in order, e.g. `['ask', 'email', 'ada@example.com']`. */
  readonly calls: (readonly unknown[])[]
  setState(state: BuiltInLoginState): void
}

export function createFakeLogin(initial: BuiltInLoginState = { status: 'idle', problem: null }): FakeLogin {
  let state = initial
  const calls: (readonly unknown[])[] = []
  const listeners = new Set<(state: BuiltInLoginState) => void>()
  const fake: FakeLogin = {
    calls,
    get state() {
      return state
    },
    on(_name, listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async ask(method, address) {
      calls.push(['ask', method, address])
      fake.setState({ status: 'asking', method, address })
    },
    resend: async () => void calls.push(['resend']),
    cancel() {
      calls.push(['cancel'])
      fake.setState({ status: 'ended', outcome: 'canceled' })
    },
    close: () => void calls.push(['close']),
    setState(next) {
      state = next
      for (const listener of listeners) listener(next)
    },
  }
  return fake
}

/** Asked by email, with 15 minutes left, and half a minute before it may be asked again. */
export function waiting(change: Partial<Waiting> = {}): Waiting {
  const now = Date.now()
  return {
    status: 'waiting',
    method: 'email',
    address: 'ada@example.com',
    bindingCode: '421709',
    expiresAt: now + 15 * 60_000,
    resendAt: now + 30_000,
    problem: null,
    ...change,
  }
}

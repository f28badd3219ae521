/** Holds the engine: loads it once, on demand, and again after a failure. */
import type { ChatUser } from '@chat-widget/client'
import { warmDates, whenIdle } from '@chat-widget/client/browser'
import type { ErrorCode } from '@chat-widget/protocol'
import type { Engine, EngineHost, EngineModule, LoadEngine } from '../engine-contract.ts'

export interface EngineSlot {
  /** `null` until loaded. */
  readonly current: Engine | null
  /** True if the engine is there, being loaded, or waited for. */
  readonly wanted: boolean
  /** Fetches the engine's file without starting anything. */
  prefetch(): void
  /** Rejects if the file cannot be loaded, or if the slot was emptied meanwhile. */
  ensure(): Promise<Engine>
  /**
   * Calls the engine at once, or as soon as it is loaded, before anything else and in the order of the calls: the
   * identity of a call depends on the calls before ([ID12]). Rejects as `ensure()` does.
   */
  call<Result>(work: (engine: Engine) => Result | Promise<Result>): Promise<Result>
  /** A call that waits for any time: an engine loaded after a failure begins with the last user. */
  setUser(user: ChatUser | null): void
  /** Closes the engine, if any. It may be loaded again. */
  empty(): void
}

/** `engine` is `null` if it could not be loaded, for the reason `error`. */
type Call = (engine: Engine | null, error?: Error) => void

/** Most waiting calls; more would be a page that calls in a loop. */
const MAX_CALLS = 1_000

/** An error like `ChatError`, which the shell does not contain. */
const failure = (code: ErrorCode, message: string) => Object.assign(new Error(message), { code })

/** The element is not in the document, or was removed; when put back, it starts again. */
export const GONE = failure('closed', '<chat-widget> is not in the page.')

/** `need`: called when a call waits for the engine. */
export function createEngineSlot(load: LoadEngine, host: EngineHost, need: () => void): EngineSlot {
  let attempt = 0
  let loading: Promise<EngineModule> | null = null
  let starting: Promise<Engine> | null = null
  let current: Engine | null = null
  let generation = 0
  let calls: Call[] = []
  let lastUser: Call | null = null

  const endCalls: Call = (engine, error) => {
    const ended = calls
    calls = []
    // From now on only the engine knows the user; nothing of them stays here ([ID13]).
    lastUser = null
    for (const call of ended) call(engine, error)
  }

  const fetchModule = () => {
    // While the file is on its way, so that the first messages need not wait.
    if (loading === null) whenIdle(() => warmDates(host.config.locale))
    loading ??= load(attempt).catch((error: unknown) => {
      loading = null
      attempt += 1
      throw error
    })
    return loading
  }

  return {
    get current() {
      return current
    },
    get wanted() {
      return starting !== null || calls.length > 0
    },
    prefetch() {
      fetchModule().catch(() => {})
    },
    ensure() {
      const mine = generation
      starting ??= fetchModule().then(
        (module) => {
          if (mine !== generation) throw GONE
          const engine = module.createEngine(host)
          // A callback of one may add another.
          while (calls.length > 0) endCalls(engine)
          current = engine
          return engine
        },
        (error: unknown) => {
          if (mine === generation) {
            starting = null
            endCalls(null, failure('load-failed', String(error)))
          }
          throw error
        },
      )
      return starting
    },
    call: (work) =>
      new Promise((resolve) => {
        const call: Call = (engine, error) => {
          const answer = async () => {
            if (engine === null) throw error
            return work(engine)
          }
          resolve(answer())
        }
        if (current !== null || calls.length >= MAX_CALLS)
          return call(current, failure('rate-limited', 'too many calls'))
        calls.push(call)
        need()
      }),
    setUser(user) {
      const tell: Call = (engine) => {
        if (engine !== null) return engine.setUser(user)
        // Drops a former user for whom there was no call.
        if (calls.at(-1) === lastUser) calls.pop()
        lastUser = null
        // A chat begins like this anyway.
        if (user === null && calls.length === 0) return
        calls.push(tell)
        lastUser = tell
      }
      tell(current)
    },
    empty() {
      generation += 1
      starting = null
      if (current !== null) host.before = current.close()
      current = null
      endCalls(null, GONE)
    },
  }
}

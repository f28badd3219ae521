/** Holds the engine: loads it once, when it is first needed, and again after a failure. */
import type { Engine, EngineHost, EngineModule, LoadEngine } from '../engine-contract.ts'

export interface EngineSlot {
  /** `null` until loaded. */
  readonly current: Engine | null
  /** Whether the engine is there or on its way. */
  readonly wanted: boolean
  /** Fetches the engine's file without starting anything. */
  prefetch(): void
  /** Rejects when the file cannot be loaded, or when the slot was emptied meanwhile. */
  ensure(): Promise<Engine>
  /** Closes the engine, if any. It may be asked for again. */
  empty(): void
}

export function createEngineSlot(load: LoadEngine, host: EngineHost): EngineSlot {
  let attempt = 0
  let loading: Promise<EngineModule> | null = null
  let starting: Promise<Engine> | null = null
  let current: Engine | null = null
  let generation = 0

  const fetchModule = () => {
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
      return starting !== null
    },
    prefetch() {
      fetchModule().catch(() => {})
    },
    ensure() {
      const mine = generation
      starting ??= fetchModule().then(
        (module) => {
          if (mine !== generation) throw new Error('The element left the document.')
          current = module.createEngine(host)
          return current
        },
        (error: unknown) => {
          if (mine === generation) starting = null
          throw error
        },
      )
      return starting
    },
    empty() {
      generation += 1
      starting = null
      void current?.close()
      current = null
    },
  }
}

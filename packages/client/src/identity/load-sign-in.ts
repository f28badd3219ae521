/** Brings the code that signs users in, when somebody is set as user. */
import { ChatError } from '@chat-widget/protocol'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { pause } from '../util/pause.ts'
import type { LoadSignIn } from './identity-options.ts'

export interface LoadSignInPorts {
  readonly load: LoadSignIn
  readonly loaded: (code: Awaited<ReturnType<LoadSignIn>>) => void
  /** Nobody can be signed in. */
  readonly failed: (error: ChatError) => void
  readonly isConnected: () => boolean
  /** Waits between tries. */
  readonly policy: ReconnectPolicy
  /** Ends it. */
  readonly signal: AbortSignal
}

const TRIES = 3

/**
 * Answers what begins to load, unless it has begun already. [ID14] Without a connection a failure tells nothing, and
 * nobody could be signed in: it is to be called again on the next one.
 */
export function createSignInLoader(ports: LoadSignInPorts): () => void {
  const { load, isConnected, policy, signal } = ports
  let isLoading = false
  async function bring(): Promise<void> {
    for (let tries = 1; !signal.aborted; tries += 1) {
      const code = await load().catch((cause) => new ChatError('load-failed', MESSAGE, { cause }))
      if (signal.aborted) return
      if (!(code instanceof ChatError)) return ports.loaded(code)
      if (!isConnected() || tries >= TRIES) {
        isLoading = false
        if (isConnected()) ports.failed(code)
        return
      }
      await pause(policy.nextDelayMs(tries), signal)
    }
  }
  return () => {
    if (isLoading) return
    isLoading = true
    void bring()
  }
}

const MESSAGE = 'signing in could not be loaded'

/** Loads the code that signs users in, when a user is set. */
import { ChatError } from '@chat-widget/protocol'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { pause } from '../util/pause.ts'
import type { LoadSignIn } from './identity-options.ts'

const TRIES = 3

/**
 * Returns a function that begins to load, unless it has begun already; `loaded` gets the code, or the reason why nobody
 * can be signed in. [ID14] Without a connection a failure means nothing, and nobody could be signed in: call it again
 * on the next one. The policy gives the waits between retries, the signal ends them.
 */
export function createSignInLoader(
  load: LoadSignIn,
  isConnected: () => boolean,
  policy: ReconnectPolicy,
  signal: AbortSignal,
  loaded: (code: Awaited<ReturnType<LoadSignIn>> | ChatError) => void,
): () => void {
  let isLoading = false
  async function bring(): Promise<void> {
    for (let tries = 1; !signal.aborted; tries += 1) {
      const code = await load().catch((cause) => new ChatError('load-failed', 'not loaded', { cause }))
      const isFailure = code instanceof ChatError
      if (isFailure && isConnected() && tries < TRIES) await pause(policy.nextDelayMs(tries), signal)
      else if (!signal.aborted) {
        isLoading = !isFailure
        if (!isFailure || isConnected()) loaded(code)
        return
      }
    }
  }
  return () => {
    if (isLoading) return
    isLoading = true
    void bring()
  }
}

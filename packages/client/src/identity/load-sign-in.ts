/** Brings the code that signs users in, when somebody is set as user. */
import { ChatError } from '@chat-widget/protocol'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { pause } from '../util/pause.ts'
import type { LoadSignIn } from './identity-options.ts'

const TRIES = 3

/**
 * Answers what begins to load, unless it has begun already; `loaded` takes the code, or why nobody can be signed in.
 * [ID14] Without a connection a failure tells nothing, and nobody could be signed in: it is to be called again on the next
 * one. The policy says how long to wait between tries, the signal ends it.
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
      const code = await load().catch(
        (cause) => new ChatError('load-failed', 'signing in could not be loaded', { cause }),
      )
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

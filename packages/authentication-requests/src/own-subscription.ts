/** Reports the outcomes of this client's requests to one observer: the subscription of callers without an API key. */
import type { AuthenticationResponse } from './authentication-client-api.ts'
import type { RequestMade, RequestsMade } from './requests-made.ts'
import { failedResponse } from './response.ts'
import type { Waits } from './waits.ts'

export interface OwnSubscriptionOptions {
  readonly made: RequestsMade
  readonly waits: Waits
  /** The id as its caller gave it. */
  given(cid: string): string
  /** Resolves when the observer is done. Never rejects. */
  tell(response: AuthenticationResponse): Promise<void>
}

/** Returns the unsubscribe. */
export function followOwn({ made, waits, given, tell }: OwnSubscriptionOptions): () => void {
  const leaves = new Map<string, () => void>()
  let hasStopped = false
  let queue = Promise.resolve()

  const end = (cid: string, response: AuthenticationResponse) => {
    leaves.delete(cid)
    queue = queue.then(() => (hasStopped ? undefined : tell(response)))
  }

  const follow = ({ cid }: RequestMade) => {
    const leave = waits.join(cid, {
      onOutcome: (response) => end(cid, response),
      onRefused: (error) => end(cid, failedResponse(given(cid), error)),
      // Ignored: it waits for as long as the subscription lasts.
      onFailure() {},
    })
    leaves.set(cid, leave)
  }

  const stop = made.onMade(follow)
  for (const request of made.open()) follow(request)
  return () => {
    hasStopped = true
    stop()
    for (const leave of leaves.values()) leave()
    leaves.clear()
  }
}

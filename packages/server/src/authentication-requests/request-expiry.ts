/** Ends requests that run out of time: each by a job that is stored with it. */
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import type { JobHandler } from '../jobs/job-queue.ts'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'

export interface RequestExpiryOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'expire'>
  readonly now: () => number
  readonly onEnded: (request: StoredRequest) => void
}

export interface RequestExpiry {
  /** Ends this request, if it is past its end. */
  end(id: AuthenticationRequestId): Promise<void>
  readonly handler: JobHandler<'request-expiry'>
}

export function createRequestExpiry({ requests, now, onEnded }: RequestExpiryOptions): RequestExpiry {
  async function end(id: AuthenticationRequestId): Promise<void> {
    const ended = await requests.expire(id, now())
    if (ended !== null) onEnded(ended)
  }
  return {
    end,
    handler: {
      ...{ atOnce: 20, tries: Number.POSITIVE_INFINITY, backoff: { baseMs: 1_000, capMs: 30_000 } },
      async run({ payload: { requestId } }) {
        await end(requestId)
        return []
      },
    },
  }
}

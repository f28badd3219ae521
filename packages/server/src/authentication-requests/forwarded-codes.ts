/**
 * Binding codes of requests that another server asks: that server makes the digits. Kept in memory only ([AR5]); it
 * sends them again to a node that lacks them, as after a restart.
 */
import type { AppId, AuthenticationRequestId } from '@chat-widget/protocol'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { RequestWaits } from './request-waits.ts'

export interface ForwardedCodeTuning {
  /** Time for which a caller waits for the digits. Milliseconds, default 5 000. */
  readonly waitMs: number
  /**
   * Least wait of a caller without a key, so that its length does not reveal if anyone was asked. Milliseconds, default
   * 1 000.
   */
  readonly keylessMs: number
}

export interface ForwardedCodesOptions {
  readonly isForwarded: (app: AppId) => boolean
  readonly requests: Pick<AuthenticationRequestStorage, 'find'>
  /** Asks the other server once more for the digits; calls back with them. */
  readonly fetch: (request: StoredRequest, show: (code: string) => void) => Promise<unknown>
  /** True if a job of this node asks the other server anyway. */
  readonly isAsking: (id: AuthenticationRequestId) => boolean
  readonly waits: RequestWaits
  readonly madeUp: (id: AuthenticationRequestId) => string
  readonly tuning: Partial<ForwardedCodeTuning> | undefined
}

const DEFAULT_TUNING: ForwardedCodeTuning = { waitMs: 5_000, keylessMs: 1_000 }
/** Time between two looks for a request that a job of another node delivers. Milliseconds. */
const LOOK_MS = 250
const NEVER = new AbortController().signal

export type ForwardedCodes = ReturnType<typeof createForwardedCodes>

export function createForwardedCodes(options: ForwardedCodesOptions) {
  const { isForwarded, requests, fetch, isAsking, waits, madeUp } = options
  const { waitMs, keylessMs } = { ...DEFAULT_TUNING, ...options.tuning }
  const codes = new Map<AuthenticationRequestId, string>()
  const fetching = new Set<AuthenticationRequestId>()
  const hasForeignCode = ({ app, binding }: StoredRequest) => binding === 'code' && isForwarded(app)

  /** Invents digits if a caller must not learn that the addressee cannot be asked ([AR6]); else does nothing. */
  function pretend(request: StoredRequest): void {
    const { id, status, delivery, creator } = request
    if (!hasForeignCode(request) || status !== 'pending' || delivery !== 'failed' || creator === 'key') return
    if (!codes.has(id)) codes.set(id, madeUp(id))
  }

  /** Keeps the digits that the other server sent. */
  function show(id: AuthenticationRequestId, code: string): void {
    if (codes.get(id) === code) return
    codes.set(id, code)
    waits.notice(id)
  }

  /** The job is another node's; its digits may have been shown, so that a further answer reveals nothing new. */
  async function fetchOnce(request: StoredRequest): Promise<void> {
    const { id, delivery } = request
    if (delivery !== 'delivered' || fetching.has(id) || isAsking(id)) return
    fetching.add(id)
    try {
      await fetch(request, (code) => show(id, code))
    } catch {
      // The next look tries again.
    } finally {
      fetching.delete(id)
    }
  }

  return {
    pretend,
    show,
    of: (id: AuthenticationRequestId): string | null => codes.get(id) ?? null,
    /** Resolves with the request once the digits are known or never will be; at the latest after `waitMs`. */
    async ready(request: StoredRequest): Promise<StoredRequest> {
      const { id, creator } = request
      if (!hasForeignCode(request) || request.status !== 'pending' || codes.has(id)) return request
      const isReady = async () => {
        if (codes.has(id)) return true
        const found = await requests.find(id)
        if (found !== null) pretend(found)
        if (found?.status === 'pending' && !codes.has(id)) void fetchOnce(found)
        return codes.has(id) || found?.status !== 'pending' ? true : null
      }
      const pause = creator === 'key' ? null : waits.until(`pause ${id}`, async () => null, keylessMs, NEVER)
      const looking = setInterval(() => waits.notice(id), LOOK_MS)
      await Promise.all([waits.until(id, isReady, waitMs, NEVER), pause]).finally(() =>
        clearInterval(looking),
      )
      return (await requests.find(id)) ?? request
    },
    forget(id: AuthenticationRequestId): void {
      codes.delete(id)
    },
  }
}

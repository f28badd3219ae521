/** Requests that this client made: the person, the body, and the secret. In memory only. */
import { type Addressee, type AuthenticationRequestBody, ChatError } from '@chat-widget/protocol'
import type { AuthenticationResponse } from './authentication-client-api.ts'

export interface RequestMade {
  readonly cid: string
  /** `null`: the person who scans its code. */
  readonly asked: Addressee | null
  readonly body: AuthenticationRequestBody
  readonly madeAt: number
  /** Made by this client, so that a lost answer cannot lose it. */
  readonly secret: string
  /** Set while the server is asked to make it. */
  making: Promise<unknown> | null
  /** True once the server has the request. */
  isMade: boolean
  /** Verified and final. */
  outcome: AuthenticationResponse | null
}

/** Four times the longest lifetime of a request: its outcome was reported by then. */
const KEPT_MS = 3_600_000

export type RequestsMade = ReturnType<typeof createRequestsMade>

/** `isWaitedFor`: such requests are kept, as their outcome has yet to be verified against the person we asked. */
export function createRequestsMade(isWaitedFor: (cid: string) => boolean) {
  const requests = new Map<string, RequestMade>()
  const listeners = new Set<(made: RequestMade) => void>()

  const forgetOld = () => {
    const oldest = Date.now() - KEPT_MS
    for (const { cid, madeAt } of requests.values()) {
      if (madeAt >= oldest) return
      if (!isWaitedFor(cid)) requests.delete(cid)
    }
  }

  return {
    /** The request of this id, or a new one. Throws `conflict` if it was entered with another body. */
    enter(cid: string, asked: Addressee | null, body: AuthenticationRequestBody): RequestMade {
      forgetOld()
      const known = requests.get(cid)
      if (known !== undefined) {
        // The outcome is verified against the person asked first, even before the server has answered.
        if (JSON.stringify(known.body) === JSON.stringify(body)) return known
        throw new ChatError('conflict', 'cid: used with another input')
      }
      const made: RequestMade = {
        cid,
        asked,
        body,
        madeAt: Date.now(),
        secret: newSecret(),
        making: null,
        isMade: false,
        outcome: null,
      }
      requests.set(cid, made)
      return made
    },
    /** Forgets a request that the server refused. */
    drop(made: RequestMade): void {
      if (!made.isMade) requests.delete(made.cid)
    },
    get: (cid: string): RequestMade | undefined => requests.get(cid),
    /** Requests that the server has and that have no outcome yet. */
    open: (): readonly RequestMade[] =>
      [...requests.values()].filter(({ isMade, outcome }) => isMade && outcome === null),
    /** Calls back when the server has a request. Returns the unsubscribe. */
    onMade(listener: (made: RequestMade) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Marks a request that the server has. */
    made(made: RequestMade): void {
      if (made.isMade) return
      made.isMade = true
      // A repeated try may have been refused, and forgotten the request, meanwhile.
      requests.set(made.cid, made)
      for (const listener of [...listeners]) listener(made)
    },
  }
}

/** 256 random bits as base64url: 43 characters. */
function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace('=', '')
}

/** What this client asked for: whom, with which words, and the secret that opens it. In memory only. */
import { type Addressee, type AuthenticationRequestBody, ChatError } from '@chat-widget/protocol'
import type { AuthenticationResponse } from './authentication-client-api.ts'

export interface RequestMade {
  readonly cid: string
  /** `null`: whoever scans its code. */
  readonly asked: Addressee | null
  readonly body: AuthenticationRequestBody
  readonly madeAt: number
  /** Made here, so that no answer that is lost takes it away. */
  readonly secret: string
  /** While the server is asked to make it. */
  making: Promise<unknown> | null
  /** Once the server holds the request. */
  isMade: boolean
  /** Verified and final. */
  outcome: AuthenticationResponse | null
}

/** Four times as long as a request can live: by then its outcome was told. */
const KEPT_MS = 3_600_000

export type RequestsMade = ReturnType<typeof createRequestsMade>

/** `isWaitedFor` are not forgotten: their outcome has yet to be held against whom we asked. */
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
    /** The one of this id, or a new one. Throws `conflict` where it was entered with another body. */
    enter(cid: string, asked: Addressee | null, body: AuthenticationRequestBody): RequestMade {
      forgetOld()
      const known = requests.get(cid)
      if (known !== undefined) {
        // Whoever was asked first is whom the outcome is held against, also before the server has said anything.
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
    /** Forgets one that the server refused. */
    drop(made: RequestMade): void {
      if (!made.isMade) requests.delete(made.cid)
    },
    get: (cid: string): RequestMade | undefined => requests.get(cid),
    /** Those the server holds and that have no outcome yet. */
    open: (): readonly RequestMade[] =>
      [...requests.values()].filter(({ isMade, outcome }) => isMade && outcome === null),
    /** Tells of each one when the server holds it. Returns the unsubscribe. */
    onMade(listener: (made: RequestMade) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** The server holds it. */
    made(made: RequestMade): void {
      if (made.isMade) return
      made.isMade = true
      // A second try of the same may have been refused, and forgotten it, meanwhile.
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

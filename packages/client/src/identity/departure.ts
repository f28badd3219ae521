/** One visitor's leaving, from the call that began it until the server has revoked the session and nothing is left ([ID13]). */
import type { ErrorCode, SignOutRequest } from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import { whenConnectedOrClosed } from '../connection/when-connected.ts'
import type { Tabs } from '../tabs/tabs.ts'
import { pause } from '../util/pause.ts'

export interface DepartureOptions {
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
  }
  readonly signOut: (request: SignOutRequest) => Promise<Reply<null>>
  readonly tabs: Pick<Tabs, 'join' | 'ask'>
  /** The server has revoked the session: its secret is of no use any more. */
  readonly revoked: () => Promise<void>
}

export interface Departure {
  /** Told to the other tabs, and the mark that it leaves in storage. */
  readonly id: string
  /** True if the server was asked to end the sessions on other devices as well. */
  readonly askedEverywhere: boolean
  /** True once the server has ended the session: what is left to do needs no connection. */
  readonly isRevoked: boolean
  /** Resolves when it is over; rejects with `closed` when the client was closed before. */
  readonly done: Promise<void>
  /** Resolves when the session is revoked, if there is one, and device and tabs are empty. */
  finish(isRevocable: boolean, everywhere: () => boolean): Promise<void>
  /** The server says that the session has ended: there is nothing left to revoke. */
  sessionOver(): void
  end(error?: Error): void
}

/** A tab that sleeps follows when it wakes up; nobody waits longer for it. */
const FOLLOWED_WITHIN_MS = 3_000

/** The tab in which a departure began asks the server first: it knows whether sessions on other devices are to end. */
const THEIRS_MS = 100

/** Answers that leave the session as it was. */
const NOT_REVOKED: readonly ErrorCode[] = ['server-unreachable', 'unavailable', 'rate-limited', 'internal']
/** Between two tries of a server that cannot do it now. */
const AGAIN_MS = 1_000

/**
 * `insists`: it began in this tab. One that follows another tab tries to revoke the session once: mostly they share it,
 * and it is that tab's to revoke. `purged` resolves when the device is empty. `closing` aborts when the client is closed.
 */
export function createDeparture(
  { connection, signOut, tabs, revoked }: DepartureOptions,
  id: string,
  insists: boolean,
  purged: Promise<unknown>,
  closing: AbortSignal,
): Departure {
  let end: Departure['end'] = () => {}
  const done = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error))
  })
  done.catch(() => {})
  let askedEverywhere = false
  let isRevoked = false
  let sessionOver = () => {}
  const over = new Promise<null>((resolve) => {
    sessionOver = () => resolve(null)
  })
  const emptied = insists ? tabs.ask('leave', id, 'left', FOLLOWED_WITHIN_MS) : purged
  const separate = () => emptied.then(() => tabs.join(null))
  const alone = insists ? separate() : undefined

  async function revoke(everywhere: () => boolean): Promise<void> {
    if (!insists) await Promise.race([over, pause(THEIRS_MS, closing)])
    while (!closing.aborted && (insists || connection.state.status === 'connected')) {
      const state = await Promise.race([over, whenConnectedOrClosed(connection)])
      if (state?.status !== 'connected') return
      askedEverywhere = everywhere()
      const reply = await signOut({ everywhere: askedEverywhere })
      if (!insists || reply.ok || !NOT_REVOKED.includes(reply.error.code)) return
      // Without a connection, the next one is waited for.
      const waitMs = reply.error.code === 'server-unreachable' ? 0 : (reply.error.retryAfterMs ?? AGAIN_MS)
      await Promise.race([over, pause(waitMs, closing)])
    }
  }

  return {
    id,
    get askedEverywhere() {
      return askedEverywhere
    },
    get isRevoked() {
      return isRevoked
    },
    done,
    async finish(isRevocable, everywhere) {
      if (isRevocable) await revoke(everywhere)
      isRevoked = isRevocable
      // A follower that leaves signs out by the socket of this tab.
      await Promise.all([revoked(), alone ?? separate()])
    },
    sessionOver,
    end,
  }
}

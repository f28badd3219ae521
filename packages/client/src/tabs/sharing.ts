/** What a tab needs to share a socket with others, as the one that leads or by it. Loaded when a second tab is there. */
import type { ConnectionState } from '../chat-state.ts'
import { createFollower, type Follower } from './follower.ts'
import type { SharingPorts } from './lead-ports.ts'
import { createLeaderService, type LeaderService } from './leader-service.ts'
import type { SocketNote } from './socket-note.ts'

export interface Sharing extends Pick<Follower, 'isFollowing' | 'isStranger' | 'find' | 'stop'> {
  /** To this tab, as it leads or as it does not. */
  hear(note: SocketNote): void
  /** The server told something. */
  told(name: string, detail: unknown): void
  /** Resolves when it is sure that this tab still leads; nothing if it is, or if it does not lead. */
  confirm(): Promise<void> | undefined
  /** The owner is another. */
  joined(): void
  /** There is no connection for the time being. */
  disconnected(state: ConnectionState): void
}

/** Followers have heard of a lost connection by then: they come back one by one, and not all when the lock is free. */
const LOST_MS = 50

export function createSharing(ports: SharingPorts): Sharing {
  const { restart } = ports
  const follower = createFollower(ports)
  let service: LeaderService | undefined
  /** Lets go of a lock that was kept for a moment. */
  let releaseLate = () => {}
  /** That of this term, once a follower has been heard in it. */
  const current = () => (service?.term === ports.term() ? service : undefined)

  return {
    get isFollowing() {
      return follower.isFollowing
    },
    get isStranger() {
      return follower.isStranger
    },
    find: follower.find,
    stop: follower.stop,
    hear(note) {
      const term = ports.term()
      if (term === null) return follower.hear(note)
      service = current() ?? createLeaderService(ports, term)
      service.hear(note)
    },
    told: (name, detail) => current()?.told(name, detail),
    confirm: () => current()?.confirm(),
    joined() {
      releaseLate()
      // [ID12] It knows whose the lock is.
      service = current()
      // The leader of another owner hears this tab no more. What this tab does next may connect it anew.
      if (follower.isFollowing) setTimeout(() => follower.isFollowing && restart())
    },
    disconnected(state) {
      releaseLate()
      follower.stop()
      const left = current()
      service = undefined
      // A page that goes away hands the lead over at once.
      if (left === undefined || state.status !== 'reconnecting' || state.attempt === 0) return
      left.lost()
      releaseLate = left.term.release
      left.term.release = () => setTimeout(releaseLate, LOST_MS)
    },
  }
}

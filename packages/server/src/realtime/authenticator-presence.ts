/** Connected authenticators, and events to them: by room, on whichever node they are. */
import type { AuthenticationRequestId, AuthenticatorState, DeviceId, WireError } from '@chat-widget/protocol'
import { ChatError } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { Authenticator, PersonFacts } from '../authentication-requests/authenticator/authenticator.ts'
import { createLanes } from '../jobs/lanes.ts'
import type { DeviceRecord } from '../storage/authenticator-storage.ts'
import type { Presence } from './presence.ts'
import { deviceRoom, personRoom } from './rooms.ts'
import type { AuthenticatorNamespace, AuthenticatorSocket } from './socket-server.ts'

export interface PresenceOptions {
  readonly namespace: AuthenticatorNamespace
  /** Of the devices' rooms. */
  readonly present: Presence
  readonly authenticator: Pick<Authenticator, 'isCurrent' | 'facts' | 'pendingOf' | 'news' | 'onNews'>
  readonly logger: Logger
}

/** Pause after the database failed. Milliseconds. */
const REST_MS = 1_000

const REMOVED: WireError = { code: 'session-invalid', message: 'The device was removed.' }

export type AuthenticatorPresence = ReturnType<typeof createAuthenticatorPresence>

export function createAuthenticatorPresence({ namespace, present, authenticator, logger }: PresenceOptions) {
  const stop = new AbortController()
  /** News of one person are read and sent in turn, so that no device receives an older state after a newer one. */
  const people = createLanes<() => Promise<void>>({
    run: (job) => job(),
    restMs: REST_MS,
    signal: stop.signal,
    logger,
  })
  const unsubscribe = authenticator.onNews((id) => {
    // Every node gets the news, and sends it to its own sockets.
    if (namespace.sockets.size > 0) people.add(id, () => lookUp(id))
  })

  /** Looks up the person first; then, in that person's lane, the state by then. */
  async function lookUp(id: AuthenticationRequestId): Promise<void> {
    const identifier = (await authenticator.news(id))?.identifier
    if (identifier !== undefined) people.add(identifier, () => tellNews(id))
  }

  async function tellNews(id: AuthenticationRequestId): Promise<void> {
    const news = await authenticator.news(id)
    if (news === null) return
    const room = namespace.local.to(personRoom(news.identifier))
    switch (news.kind) {
      case 'pending':
        room.emit('request', news.request)
        return
      case 'ended':
        room.emit('request:ended', { id, status: news.status })
        return
      default:
        news satisfies never
    }
  }

  async function onlineOf({ devices }: PersonFacts): Promise<ReadonlySet<DeviceId>> {
    const rooms = await present(devices.map(({ id }) => deviceRoom(id)))
    return new Set(devices.map(({ id }) => id).filter((id) => rooms.has(deviceRoom(id))))
  }

  return {
    /** Adds a socket that proved to be this device to its rooms. Rejects if the device was removed. */
    async enter(socket: AuthenticatorSocket, device: DeviceRecord): Promise<void> {
      // Joining a room after the disconnect would keep the room for ever.
      if (!socket.connected) throw new ChatError('unavailable', 'The connection is over.')
      const rooms = [personRoom(device.identifier), deviceRoom(device.id)]
      await socket.join(rooms)
      // Checked after joining: a removal after this check finds the socket in its room.
      if (await authenticator.isCurrent(device)) return
      for (const room of rooms) await socket.leave(room)
      throw new ChatError(REMOVED.code, REMOVED.message)
    },
    /** Sends the whole state to the person's devices. */
    tellState(identifier: string): void {
      people.add(identifier, async () => {
        const facts = await authenticator.facts(identifier)
        const online = await onlineOf(facts)
        for (const { id } of facts.devices)
          namespace.to(deviceRoom(id)).emit('state', stateOf(identifier, facts, online, id))
      })
    },
    /** Sends all pending requests to one socket. */
    tellRequests(socket: AuthenticatorSocket, identifier: string): void {
      people.add(identifier, async () => {
        socket.emit('requests', await authenticator.pendingOf(identifier))
      })
    },
    /** Sends all pending requests to all of the person's sockets. */
    tellAllRequests(identifier: string): void {
      people.add(identifier, async () => {
        namespace.to(personRoom(identifier)).emit('requests', await authenticator.pendingOf(identifier))
      })
    },
    async stateFor({ id, identifier }: DeviceRecord): Promise<AuthenticatorState> {
      const facts = await authenticator.facts(identifier)
      return stateOf(identifier, facts, await onlineOf(facts), id)
    },
    /** Tells the device's sockets that it was removed, and closes them. */
    expel(id: DeviceId): void {
      namespace.to(deviceRoom(id)).emit('device:removed', REMOVED)
      namespace.in(deviceRoom(id)).disconnectSockets(true)
    },
    /** Closes the device's other sockets: they proved another key. */
    closeOthers(socket: AuthenticatorSocket, id: DeviceId): void {
      namespace.in(deviceRoom(id)).except(socket.id).disconnectSockets(true)
    },
    async close(): Promise<void> {
      unsubscribe()
      stop.abort()
      await people.close()
    },
  }
}

function stateOf(
  identifier: string,
  { devices, apps, recoveryCodesLeft }: PersonFacts,
  online: ReadonlySet<DeviceId>,
  self: DeviceId,
): AuthenticatorState {
  return {
    identifier,
    devices: devices.map(({ id, name, addedAt, seenAt }) => ({
      ...{ id, name, isOnline: online.has(id), isThis: id === self },
      addedAt: new Date(addedAt).toISOString(),
      seenAt: new Date(seenAt).toISOString(),
    })),
    apps,
    recoveryCodesLeft,
  }
}

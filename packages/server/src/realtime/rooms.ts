/** Names of Socket.IO rooms, by which the server reaches sockets on any node. */
import type { AgentId, ConversationId, DeviceId, SessionId, UserId } from '@chat-widget/protocol'
import type { Owner } from '../storage/storage.ts'

/** Devices that get events of the owner's conversations; a device whose context has ended is not in it ([ID10]). */
export const ownerRoom = ({ kind, id }: Owner): string => `owner:${kind}:${id}`
/** Every device of a user, also one whose context has ended: for events about the identity itself. */
export const userRoom = (id: UserId): string => `user:${id}`
export const sessionRoom = (id: SessionId): string => `session:${id}`
/** Devices that show this conversation. */
export const currentRoom = (id: ConversationId): string => `current:${id}`

/** Every authenticator of a person. */
export const personRoom = (identifier: string): string => `person:${identifier}`
/** Every connection of one authenticator, e.g. of its tabs. */
export const deviceRoom = (id: DeviceId): string => `device:${id}`

/** Every agent. */
export const AGENTS_ROOM = 'agents'
/** Every agent who may answer, other than viewers. */
export const ANSWERING_ROOM = 'answering'
/** Every window of one agent. */
export const agentRoom = (id: AgentId): string => `agent:${id}`
/** Every window of one console session. */
export const consoleRoom = (sessionKey: string): string => `console:${sessionKey}`
/** Agents that watch this conversation. */
export const watchersRoom = (id: ConversationId): string => `conversation:${id}`

/** Names of Socket.IO rooms, by which the server reaches sockets on any node. */
import type { AgentId, AppId, ConversationId, DeviceId, SessionId, UserId } from '@chat-widget/protocol'
import { mayAnswer } from '../agents/permissions.ts'
import type { Access } from '../storage/agent-storage.ts'
import type { ConversationOwner } from '../storage/storage.ts'

/** Devices that get events of the owner's conversations; a device whose context has ended is not in it ([ID10]). */
export const ownerRoom = ({ kind, id }: ConversationOwner): string => `owner:${kind}:${id}`
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
/** Agents of an app, and those of all apps; an agent who answers is also in the second ones. */
export const agentsOf = (app: AppId): string[] => [ALL_APPS_ROOM, `agents:${app}`]
export const answeringIn = (app: AppId): string[] => [ALL_ANSWERING_ROOM, `answering:${app}`]
const ALL_APPS_ROOM = 'agents-of-all'
const ALL_ANSWERING_ROOM = 'answering-all'
/** Windows of one agent who may see the app. */
export const agentRooms = (id: AgentId, app: AppId): string[] => [`agent:${id}`, `agent:${id}:${app}`]

/** The rooms of an agent, by what they belong to and may do ([AG3]). */
export function roomsOf({ id, apps, ...access }: Access & { readonly id: AgentId }): string[] {
  const own = apps?.map((app) => [`agents:${app}`, `answering:${app}`, `agent:${id}:${app}`] as const)
  const rooms = own ?? [[ALL_APPS_ROOM, ALL_ANSWERING_ROOM, `agent:${id}`] as const]
  const answering = mayAnswer(access)
  return rooms.flatMap(([seeing, answers, mine]) => (answering ? [seeing, answers, mine] : [seeing, mine]))
}

/** Every window of one console session. */
export const consoleRoom = (sessionKey: string): string => `console:${sessionKey}`
/** Agents that watch this conversation. */
export const watchersRoom = (id: ConversationId): string => `conversation:${id}`

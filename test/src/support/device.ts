/** A visitor's device in Node: the built client, and only the network between it and the server. */
import {
  ChatClient,
  type ChatClientApi,
  type ChatStorage,
  type ChatUser,
  createMemoryStorage,
} from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'
import { onTestFinished } from 'vitest'
import { mintToken } from './shop.ts'
import { until } from './wait.ts'

export interface Device {
  readonly client: ChatClientApi
  /** Data that outlives the process. */
  readonly storage: ChatStorage
}

/** Connects, identified if a user is given; closed when the test ends. */
export async function openDevice(
  server: string,
  user: ChatUser | null = null,
  storage: ChatStorage = createMemoryStorage(),
): Promise<Device> {
  const client: ChatClientApi = new ChatClient({ app: 'shop', server, storage })
  onTestFinished(() => client.close())
  if (user !== null) await client.setUser(user)
  await client.connect()
  return { client, storage }
}

/** The messages that the device shows as stored. */
export const storedMessages = ({ client }: Device): readonly Message[] =>
  client.getState().timeline.items.flatMap((item) => (item.kind === 'stored' ? [item.message] : []))

export const storedLines = (device: Device): readonly string[] =>
  storedMessages(device).map(({ seq, clientId, text }) => `${seq} ${clientId} ${text}`)

/** Resolves when the device shows the text. */
export const showsText = (device: Device, text: string): Promise<void> =>
  until(`the device shows "${text}"`, () => storedMessages(device).some((message) => message.text === text))

/** A user whose provider records its calls. */
export function watchedUser(
  userIdentifier: string,
  options: { readonly subject?: string; readonly lifetimeSeconds?: number } = {},
): { readonly user: ChatUser; readonly calls: readonly boolean[]; readonly tokens: readonly string[] } {
  const calls: boolean[] = []
  const tokens: string[] = []
  const user: ChatUser = {
    userIdentifier,
    async requestContextProvider(needsRefresh) {
      calls.push(needsRefresh)
      const token = await mintToken(options.subject ?? userIdentifier, options.lifetimeSeconds)
      tokens.push(token)
      return { Auth: { Token: token } }
    },
  }
  return { user, calls, tokens }
}

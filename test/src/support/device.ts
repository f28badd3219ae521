/** A device of a visitor in Node: the built client, with nothing between it and the server but the network. */
import { ChatClient, type ChatClientApi, type ChatUser } from '@chat-widget/client'
import { onTestFinished } from 'vitest'

export interface Device {
  readonly client: ChatClientApi
}

/** Connects, identified where a user is given; closed when the test ends. */
export async function openDevice(server: string, user: ChatUser | null = null): Promise<Device> {
  const client: ChatClientApi = new ChatClient({ app: 'shop', server })
  onTestFinished(() => client.close())
  if (user !== null) await client.setUser(user)
  await client.connect()
  return { client }
}

/** What the device shows as stored, one line per message. */
export const storedLines = ({ client }: Device): string[] =>
  client
    .getState()
    .timeline.items.flatMap((item) =>
      item.kind === 'stored' ? [`${item.message.seq} ${item.message.clientId} ${item.message.text}`] : [],
    )

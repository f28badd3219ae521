/** A Node program: no types of the DOM, and the packages' own declarations are checked too. */
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
import { ChatClient, ChatError, createMemoryStorage, type TimelineItem } from '@chat-widget/client'
import { createAgentClient } from '@chat-widget/client/agent'
import { tokenEndpointProvider } from '@chat-widget/client/providers'
import { createChatServer } from '@chat-widget/server'

const server = await createChatServer({
  apps: [{ id: 'shop', name: 'Shop', origins: ['https://shop.example.com'] }],
  port: 0,
})

export async function run(): Promise<readonly TimelineItem[]> {
  const address = await server.listen()
  const client = new ChatClient({ app: 'shop', server: address, storage: createMemoryStorage() })
  const requestContextProvider = tokenEndpointProvider({ url: 'https://shop.example.com/chat-token' })
  await client.setUser({ userIdentifier: 'u-1', requestContextProvider })
  try {
    const { seq } = await client.send('Hello')
    seq.toFixed()
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'send-pending') throw error
  }
  // @ts-expect-error no such option
  createAgentClient({ address })
  const agent = createAgentClient({ server: address })
  await agent.signIn('agent@example.com', 'password')
  const asked = await createAuthenticationClient({ server: address, app: 'shop' })
    .authentication()
    .request({ email: 'visitor@example.com' })
  return asked.isAccepted() ? client.getState().timeline.items : []
}

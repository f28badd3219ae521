/** The console's entry: one client for the page's own server, handed to the root element. */
import { createAgentClient } from '@chat-widget/client/agent'
import './define.ts'

const element = document.querySelector('chat-console')
if (element !== null) {
  const client = createAgentClient({ server: location.origin })
  element.client = client
  void client.restore()
}

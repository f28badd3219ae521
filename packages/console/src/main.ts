/** The console's entry: one client for the server that the page is of, handed to the root element. */
import { createAgentClient } from '@chat-widget/client/agent'
import { loadLanguage } from './words/words.ts'
import './define.ts'

const element = document.querySelector('chat-console')
if (element !== null) {
  await loadLanguage()
  const client = createAgentClient({ server: new URL('..', location.href).href })
  element.client = client
  void client.restore()
}

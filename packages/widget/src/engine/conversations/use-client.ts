/** Requests to the client by parts of the panel that are loaded later. */
import type { ChatClientApi } from '@chat-widget/client'
import { ask } from '../panel-request.ts'

/** Resolves and rejects as `work` does; not at all where there is no client. */
export const useClient = <Value>(
  element: HTMLElement,
  work: (client: ChatClientApi) => Promise<Value>,
): Promise<Value> =>
  new Promise((resolve, reject) => {
    ask(element, { type: 'use', use: (client) => void work(client).then(resolve, reject) })
  })

/** Begins or shows a conversation, and leaves the list for it. Rejects where that cannot be done. */
export async function goTo(
  element: HTMLElement,
  work: (client: ChatClientApi) => Promise<unknown>,
): Promise<void> {
  await useClient(element, work)
  ask(element, { type: 'conversations', shown: false })
  element.dispatchEvent(new Event('chat-arrived', { bubbles: true, composed: true }))
}

/** Makes the client for a widget's attributes. */
import { ChatClient, type ChatClientApi, createStorage } from '@chat-widget/client'
import type { WidgetConfig } from '../engine-contract.ts'

interface WidgetClient {
  readonly client: ChatClientApi
  /** The visitor acted: `on-interaction` may store from now on. Called at most once. */
  allowStorage(): void
}

/** `after`: when the client before has written down what it held. */
export type CreateClient = (config: WidgetConfig, after: Promise<unknown>) => WidgetClient

export const createWidgetClient: CreateClient = ({ app, server, mergePolicy, storage: mode }, after) => {
  const storage = createStorage(mode, app, server)
  return {
    client: new ChatClient({ app, server, mergePolicy, storage, after }),
    allowStorage: () => storage.activate?.(),
  }
}

/** Makes the client for a widget's attributes. */
import { ChatClient, type ChatClientApi, createStorage } from '@chat-widget/client'
import type { WidgetConfig } from '../engine-contract.ts'

export interface WidgetClient {
  readonly client: ChatClientApi
  /** The visitor acted: `on-interaction` may store from now on. Called at most once. */
  allowStorage(): void
}

export type CreateClient = (config: WidgetConfig) => WidgetClient

export const createWidgetClient: CreateClient = ({ app, server, mergePolicy, storage: mode }) => {
  const storage = createStorage(mode, app, server)
  return {
    client: new ChatClient({ app, server, mergePolicy, storage }),
    allowStorage: () => storage.activate?.(),
  }
}

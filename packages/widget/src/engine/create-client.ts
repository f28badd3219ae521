/** Makes the client for a widget's attributes. */
import type { ChatClientApi } from '@chat-widget/client'
import type { WidgetConfig } from '../engine-contract.ts'

export interface WidgetClient {
  readonly client: ChatClientApi
  /** The visitor acted: `on-interaction` may store from now on. Called at most once. */
  allowStorage(): void
}

export type CreateClient = (config: WidgetConfig) => WidgetClient

export const createWidgetClient: CreateClient = () => {
  throw new Error('not there yet')
}

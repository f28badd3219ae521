/** The part of the client that lists, rates and downloads conversations. */
import type { ConversationId, OwnConversationPage } from '@chat-widget/protocol'
import type { RenewingRequest } from '../renewing-requests.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'

export interface ConversationsPorts {
  readonly options: { readonly app: string; readonly server: string }
  readonly request: RenewingRequest
  readonly storage: Pick<ChatStorage, 'get' | 'update'>
  readonly identity: {
    readonly owner: string
    /** Aborted when the present visitor signs out. */
    readonly visit: AbortSignal
  }
  readonly session: { handshake(): Promise<{ readonly session?: string | undefined }> }
  readonly conversations: {
    readonly page: OwnConversationPage
    readonly current: {
      readonly timeline: {
        readonly conversation: ConversationId | null
        readonly view: { readonly status: 'empty' | 'loading' | 'loaded' }
        /** Resolves when missing messages were fetched, or could not be. */
        head(conversation: ConversationId, headSeq: number): Promise<void>
      }
    }
  }
  readonly belongings: {
    readonly draft: { readonly text: string }
    readonly outgoing: {
      readonly outbox: {
        items(): readonly {
          readonly entry: { readonly conversationId: ConversationId | null }
          readonly state: { readonly status: string }
        }[]
      }
    }
  }
}

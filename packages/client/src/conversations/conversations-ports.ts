/** The part of the client that lists, rates and downloads conversations. */
import type { ConversationId, OwnConversationPage } from '@chat-widget/protocol'
import type { RenewingRequest } from '../renewing-requests.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'

export interface ConversationsPorts {
  readonly options: { readonly app: string; readonly server: string }
  readonly request: RenewingRequest
  readonly storage: Pick<ChatStorage, 'get'>
  readonly identity: {
    readonly owner: string
    /** Aborted when the present visitor signs out. */
    readonly visit: AbortSignal
  }
  readonly session: { handshake(): Promise<{ readonly session?: string | undefined }> }
  readonly conversations: { readonly page: OwnConversationPage }
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

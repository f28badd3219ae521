/** Sends a visitor's file. Loaded with the first one. */
import type { Message } from '@chat-widget/protocol'
import type { ChatState, OutgoingBody } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import { serverAddress } from '../connection/server-address.ts'
import type { Outbox } from '../conversation/outbox.ts'
import type { RenewingRequest } from '../renewing-requests.ts'
import { type FileEntry, type FileSendingPorts, sendFile } from './send-file.ts'

/** The parts of a client that sending a file uses. */
export interface VisitorFileParts extends Pick<FileSendingPorts, 'storage' | 'connection'> {
  readonly options: { readonly server: string }
  readonly belongings: { readonly outgoing: { readonly outbox: Outbox<OutgoingBody> } }
  readonly sending: { showPending(): void }
  readonly app: ChatState['app']
  readonly request: RenewingRequest
}

export function sendVisitorFile(entry: FileEntry, parts: VisitorFileParts): Promise<Reply<Message>> {
  const { options, storage, connection, belongings, sending, request } = parts
  return sendFile(entry, {
    ...{ storage, connection, outbox: belongings.outgoing.outbox, server: serverAddress(options.server) },
    limits: () => parts.app?.files ?? null,
    announce: (payload) => request('file:upload', payload),
    post: ({ conversationId, clientId, body }) =>
      request('message:send', { conversationId, clientId, ...body }),
    progressed: sending.showPending,
  })
}

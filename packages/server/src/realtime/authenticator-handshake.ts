/** Who may connect as an authenticator: the server's own pages, and what is no browser; who it is, is proved later. */
import { ChatError } from '@chat-widget/protocol'
import { authenticatorHandshake } from '@chat-widget/protocol/schemas'
import { isSameHost } from '../network/origins.ts'
import { readHandshake } from './handshake.ts'

export function admitAuthenticator({
  auth,
  headers,
}: {
  readonly auth: unknown
  readonly headers: { readonly origin?: string | undefined; readonly host?: string | undefined }
}): void {
  readHandshake(authenticatorHandshake, auth)
  if (headers.origin !== undefined && !isSameHost(headers.origin, headers.host)) {
    throw new ChatError('origin-refused', "An authenticator connects from the server's own pages only.")
  }
}

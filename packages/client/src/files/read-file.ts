/** Reads the bytes of a file that was sent, with the visitor's session in a header ([FI7]). */
import { ChatError, type ErrorCode, type FileId } from '@chat-widget/protocol'
import { serverAddress } from '../connection/server-address.ts'
import type { FileReadingPorts } from './file-reading-ports.ts'

/**
 * Resolves with the bytes of a file of one of the visitor's conversations. Rejects with `not-found` for any other,
 * `server-unreachable`, or the server's code.
 */
export async function readFile(
  client: { readonly parts: FileReadingPorts },
  id: FileId,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Blob> {
  const { options, identity, session } = client.parts
  const url = `${serverAddress(options.server)}/v1/apps/${encodeURIComponent(options.app)}/files/${id}`
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${identity.session ?? session.known() ?? ''}` },
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    throw new ChatError('server-unreachable', 'the file could not be fetched', { cause })
  })
  if (response.ok) return response.blob()
  const body: unknown = await response.json().catch(() => null)
  throw new ChatError(codeIn(body) ?? 'unavailable', `the server answered ${response.status}`)
}

function codeIn(body: unknown): ErrorCode | undefined {
  const { error } = (body ?? {}) as { readonly error?: { readonly code?: ErrorCode } }
  return error?.code
}

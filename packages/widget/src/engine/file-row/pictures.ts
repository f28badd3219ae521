/** Bytes of pictures that were shown lately: rows leave the document and come back. */
import type { ClientMessageId, FileId, SentFile } from '@chat-widget/protocol'

const BYTES_AT_MOST = 32 * 1024 ** 2
const SENT_AT_MOST = 5

/** Of a visit, so that nothing is left of one that has ended. */
const read = new WeakMap<AbortSignal, Map<FileId, Promise<Blob>>>()
/** Of pictures that this page is sending, by client id. */
const sent = new Map<ClientMessageId, Blob>()

function ofVisit(visit: AbortSignal): Map<FileId, Promise<Blob>> {
  const known = read.get(visit)
  if (known !== undefined) return known
  const created = new Map<FileId, Promise<Blob>>()
  read.set(visit, created)
  visit.addEventListener('abort', () => sent.clear(), { once: true })
  return created
}

async function forgetOldest(kept: Map<FileId, Promise<Blob>>): Promise<void> {
  let bytes = 0
  for (const [id, blob] of [...kept].reverse()) {
    bytes += (await blob.catch(() => null))?.size ?? BYTES_AT_MOST
    if (bytes > BYTES_AT_MOST) kept.delete(id)
  }
}

export const pictures = {
  /** Resolves with the bytes; those that cannot be read are asked for again the next time. */
  read(visit: AbortSignal, { id }: SentFile, fetchBytes: () => Promise<Blob>): Promise<Blob> {
    const kept = ofVisit(visit)
    const bytes = kept.get(id) ?? fetchBytes()
    kept.delete(id)
    kept.set(id, bytes)
    bytes.then(
      () => forgetOldest(kept),
      () => kept.delete(id),
    )
    return bytes
  },
  /** The same bytes for as long as the message is pending, and once more when it is stored. */
  sending(clientId: ClientMessageId, bytes: Blob): Blob {
    const known = sent.get(clientId)
    if (known !== undefined) return known
    sent.set(clientId, bytes)
    for (const oldest of sent.keys()) {
      if (sent.size <= SENT_AT_MOST) break
      sent.delete(oldest)
    }
    return bytes
  },
}

/** Bytes of a picture that this page has just sent. */
export function takeSent(clientId: ClientMessageId): Blob | undefined {
  const bytes = sent.get(clientId)
  sent.delete(clientId)
  return bytes
}

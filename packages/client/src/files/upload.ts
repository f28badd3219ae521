/** Uploads bytes by the tus protocol, from where the server has them. */
import type { ErrorCode } from '@chat-widget/protocol'
import { type DetailedError, Upload } from 'tus-js-client'
import { startDeadline } from '../browser/deadline.ts'
import type { ReplyError } from '../connection/event-maps.ts'

export interface UploadOptions {
  /** Of the upload, which the server has created. */
  readonly url: string
  readonly ticket: string
  /** Ends it; with the reason `dropped`, it is deleted on the server as well. */
  readonly signal: AbortSignal
  /** `isAccepted`: the server has so many bytes for good. */
  readonly progressed: (sent: number, isAccepted: boolean) => void
}

/** Size of one request: what is lost at most where a proxy keeps back what it has not read whole. Bytes. */
const PIECE = 1024 ** 2
/** Time without progress after which an upload is given up for another attempt. Milliseconds. */
const STALLED_MS = 30_000

/** Resolves with `null` once the server has taken the file, or with what is wrong. */
export function upload(bytes: Blob, options: UploadOptions): Promise<ReplyError | null> {
  const { url, ticket, signal, progressed } = options
  return new Promise((resolve) => {
    let stopDeadline = () => {}
    const end = (outcome: ReplyError | null) => {
      stopDeadline()
      signal.removeEventListener('abort', abort)
      resolve(outcome)
    }
    const abort = () => {
      void transfer.abort(signal.reason === 'dropped').catch(() => {})
      end(problem('server-unreachable', 'the upload was interrupted'))
    }
    const moved = () => {
      stopDeadline()
      stopDeadline = startDeadline(STALLED_MS, abort)
    }
    const transfer = new Upload(bytes, {
      uploadUrl: url,
      headers: { 'upload-ticket': ticket },
      chunkSize: PIECE,
      fileReader: { openFile: async () => sourceOf(bytes) },
      // The outbox tries again.
      retryDelays: null,
      storeFingerprintForResuming: false,
      onProgress(sent) {
        moved()
        progressed(sent, false)
      },
      onChunkComplete: (_size, accepted) => progressed(accepted, true),
      onSuccess: () => end(null),
      onError: (error) => end(problemOf(error)),
    })
    signal.addEventListener('abort', abort)
    moved()
    transfer.start()
  })
}

/** A `Blob`, in browsers and in Node. */
const sourceOf = (bytes: Blob) => ({
  size: bytes.size,
  async slice(start: number, end: number) {
    const piece = await bytes
      .slice(start, end)
      .arrayBuffer()
      .catch((cause: unknown) => {
        throw new Unreadable('', { cause })
      })
    return {
      value: Object.assign(new Uint8Array(piece), { size: piece.byteLength }),
      done: end >= bytes.size,
    }
  },
  close() {},
})

class Unreadable extends Error {}

const problem = (code: ErrorCode, message: string, isFinal = false): ReplyError => ({
  code,
  message,
  isFinal,
})

function problemOf(error: Error | DetailedError): ReplyError {
  if (error instanceof Unreadable) return problem('file-unreadable', 'the file cannot be read', true)
  const response = 'originalResponse' in error ? error.originalResponse : null
  if (response === null) return problem('server-unreachable', error.message)
  const code = codeIn(response.getBody())
  switch (response.getStatus()) {
    // Of a proxy before the server as well.
    case 413:
      return problem('too-large', 'the server takes no such large piece', true)
    case 422:
      return problem('file-refused', 'the server refused the file', true)
    // The ticket is over: the next attempt has another one.
    case 404:
      return problem('server-unreachable', 'the ticket is over')
    default:
      return problem(code ?? 'unavailable', `the server answered ${response.getStatus()}`)
  }
}

function codeIn(body: string): ErrorCode | undefined {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly code?: ErrorCode } }
    return error?.code
  } catch {
    return undefined
  }
}

/** The transcript of a conversation, which the server writes: it has the whole history ([CV6]). */
import { ChatError, type ConversationId, type ErrorCode } from '@chat-widget/protocol'
import { timeZone } from '../browser/time-zone.ts'
import type { ChatClientApi } from '../chat-client-api.ts'
import { serverAddress } from '../connection/server-address.ts'
import { during } from '../util/during.ts'

export interface TranscriptRequest {
  /** `html` is a page that loads nothing and prints well. */
  readonly format: 'text' | 'html' | 'json'
  /** Language of words and dates, BCP 47. Default: the app's. */
  readonly locale?: string
}

export interface Transcript {
  /** A name for the file, e.g. `transcript-2026-11-29.txt`. */
  readonly name: string
  readonly content: Blob
}

/**
 * Rejects with the code of the failure: `server-unreachable` without a connection, `not-found` for a conversation that is
 * not the visitor's, `identity-changed` if they sign out meanwhile.
 */
export async function fetchTranscript(
  { parts }: Pick<ChatClientApi, 'parts'>,
  conversationId: ConversationId,
  { format, locale }: TranscriptRequest,
): Promise<Transcript> {
  const { options, identity, session } = parts
  const { visit } = identity
  const query = new URLSearchParams({
    format,
    time_zone: timeZone(),
    ...(locale !== undefined && { locale }),
  })
  const app = encodeURIComponent(options.app)
  const path = `/v1/apps/${app}/conversations/${conversationId}/transcript?${query}`
  const work = async (): Promise<Transcript> => {
    const { session: secret = '' } = await session.handshake()
    const answer = await fetch(serverAddress(options.server) + path, {
      headers: { authorization: `Bearer ${secret}` },
      credentials: 'omit',
      signal: visit,
    }).catch((cause: unknown) => {
      throw new ChatError('server-unreachable', 'the transcript could not be fetched', { cause })
    })
    if (!answer.ok) throw await refusalOf(answer)
    return { name: nameOf(answer, format), content: await answer.blob() }
  }
  const transcript = await during(visit, work())
  if (visit.aborted) throw visit.reason
  return transcript
}

async function refusalOf(answer: Response): Promise<ChatError> {
  const body: unknown = await answer.json().catch(() => null)
  const error = (body as { readonly error?: { readonly code?: ErrorCode; readonly message?: string } } | null)
    ?.error
  return new ChatError(error?.code ?? 'internal', error?.message ?? `the server answered ${answer.status}`)
}

const ENDINGS = { text: 'txt', html: 'html', json: 'json' } as const

function nameOf({ headers }: Response, format: TranscriptRequest['format']): string {
  const name = /filename="([\w.-]+)"/.exec(headers.get('content-disposition') ?? '')?.[1]
  return name ?? `transcript.${ENDINGS[format]}`
}

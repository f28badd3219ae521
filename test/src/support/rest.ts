/** The REST interface for operators, as an integration would call it. */
import type { ConversationSummary, Message, WireError } from '@chat-widget/protocol'
import { API_KEY } from './shop.ts'

/** Each call answers with some of these keys; the tests assert which. */
interface RestBody {
  readonly conversations: readonly ConversationSummary[]
  readonly cursor: string | null
  readonly messages: readonly Message[]
  readonly headSeq: number
  readonly message: Message
  readonly conversation: ConversationSummary
  readonly error: WireError
}

export interface RestResponse {
  readonly status: number
  readonly body: RestBody
}

export async function rest(
  server: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  { key = API_KEY, app = 'shop' }: { readonly key?: string | null; readonly app?: string } = {},
): Promise<RestResponse> {
  const response = await fetch(`${server}/v1/apps/${app}/conversations${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Token ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

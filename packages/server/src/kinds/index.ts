/** All kinds of messages on the server: how they are stored, and how a posted body becomes a message. */
import {
  type Kind,
  LIMITS,
  type MessageContent,
  type PostedBody,
  type PostedKind,
  postedKind,
} from '@chat-widget/protocol'
import { KINDS } from '@chat-widget/protocol/schemas'
import { storable } from '../text/storable.ts'
import { cards } from './cards.ts'
import { event } from './event.ts'
import { file } from './file.ts'
import { form } from './form.ts'
import { formAnswer } from './form-answer.ts'
import { login } from './login.ts'
import type { ServerKind } from './server-kind.ts'
import { text } from './text.ts'

const SERVER_KINDS: { readonly [K in Kind]: ServerKind<K> } = {
  file,
  text,
  login,
  cards,
  form,
  'form-answer': formAnswer,
  event,
}

// `never` below: a table pairs each kind with its own content, which the compiler cannot follow through a variable.

/** JSON of a message's details beyond its text. Keys in a fixed order, so that equal contents have equal JSON. */
export function detailsOf(content: MessageContent): string | null {
  const stored = SERVER_KINDS[content.kind].store(content as never)
  return stored === null ? null : JSON.stringify(stored, inOneForm)
}

/** The reverse of `detailsOf`. */
export function contentOfRow({
  kind,
  text,
  details,
}: {
  readonly kind: Kind
  readonly text: string
  readonly details: string | null
}): MessageContent {
  const stored: unknown = details === null ? null : JSON.parse(details)
  return { kind, text, ...SERVER_KINDS[kind].load(stored as never) } as MessageContent
}

/** Content of a message made from a posted body. `reason`: the kind of work that waits for a login card's sign-in. */
export function contentOfBody(body: PostedBody, reason: 'message' | 'action' = 'message'): MessageContent {
  const kind: PostedKind = postedKind(body)
  const text = KINDS[kind].fallback(body as never).slice(0, LIMITS.textLength)
  return { kind, text, ...SERVER_KINDS[kind].details(body as never, reason) } as MessageContent
}

/** For `JSON.stringify`: sorts the keys of each object, and makes texts storable. */
function inOneForm(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

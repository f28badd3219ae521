/** Messages about an earlier one of their conversation: answers, edits, deletions. */
import { answeredSeq, type ConversationId, type MessageContent } from '@chat-widget/protocol'
import { CHANGEABLE_KINDS, DELETABLE_KINDS, DELETED, KINDS } from '@chat-widget/protocol/schemas'
import { checkAnswer } from '../kinds/answers.ts'
import { contentOfRow, detailsOf } from '../kinds/index.ts'
import { storable } from '../text/storable.ts'
import type { MessagesTable } from './schema.ts'
import type { AppendResult } from './storage.ts'

/** An earlier message, and the message of the visitor that answers it. */
export interface Earlier {
  readonly target: MessagesTable | undefined
  readonly isAnswered: boolean
}

export type CheckedAbout =
  | {
      readonly ok: true
      readonly body: MessageContent
      /** The earlier message as it is from now on, if it changes. */
      readonly revised?: MessagesTable
    }
  | Extract<AppendResult, { ok: false }>

/** The seq of the earlier message that a message is about. */
export function aboutOf(body: MessageContent): number | null {
  if (body.kind === 'event') return 'of' in body.event ? body.event.of : null
  return answeredSeq(body) ?? null
}

export const aboutKey = (conversationId: ConversationId, seq: number): string => `${conversationId} ${seq}`

/** Checks a message about an earlier one, whose conversation is locked. */
export function checkAbout(body: MessageContent, earlier: Earlier): CheckedAbout {
  if (body.kind === 'event') return checkChange(body, earlier)
  if (earlier.isAnswered) return { ok: false, code: 'already-answered' }
  const checked = checkAnswer(body, earlier.target === undefined ? undefined : contentOfRow(earlier.target))
  return checked.ok ? checked : { ok: false, code: 'bad-request', problem: checked.problem }
}

function checkChange(body: MessageContent<'event'>, { target, isAnswered }: Earlier): CheckedAbout {
  const { event } = body
  if (target === undefined) return { ok: false, code: 'no-message' }
  if (event.type === 'deleted' && isDeleted(target)) return { ok: false, code: 'unchanged' }
  const isOwn = target.author_kind === 'agent' || target.author_kind === 'bot'
  const kinds: readonly string[] = event.type === 'deleted' ? DELETABLE_KINDS : CHANGEABLE_KINDS
  const isOfKind = kinds.some((kind) => kind === target.kind) && !isDeleted(target)
  if (!isOwn || !isOfKind) return refused('a message like this cannot be changed')
  if (event.type === 'deleted') {
    const nothing = { kind: 'text', text: DELETED, details: null } as const
    return { ok: true, body, revised: { ...target, ...nothing, changed: 'deleted' } }
  }
  if (event.type !== 'edited' || event.body === undefined) return { ok: true, body }
  if (event.body.kind !== target.kind) return refused(`the body must be of the kind ${target.kind}`)
  // Its answer was checked against the form as it was.
  if (target.kind === 'form' && isAnswered) return { ok: false, code: 'already-answered' }
  const { kind, text } = event.body
  const revised = { ...target, kind, text: storable(text), details: detailsOf(event.body) }
  if (revised.text === target.text && revised.details === target.details)
    return { ok: false, code: 'unchanged' }
  return { ok: true, body, revised: { ...revised, changed: 'edited' } }
}

const isDeleted = ({ changed }: MessagesTable) => changed === 'deleted' || changed === 'erased'

const refused = (problem: string) => ({ ok: false, code: 'bad-request', problem }) as const

/** What is left of the events of a message's edits once it was deleted. */
export const forgottenEdit = (of: number) => {
  const event = { type: 'edited', of } as const
  const text = KINDS.event.fallback({ event })
  return { text, details: detailsOf({ kind: 'event', text, event }) }
}

/** All kinds of messages in the console. */
import type { OutgoingFile } from '@chat-widget/client'
import { type Kind, type Message, type PostedBody, postedKind } from '@chat-widget/protocol'
import { html, type TemplateResult } from 'lit'
import { words } from '../words/words.ts'
import { cards } from './cards.ts'
import type { ConsoleKind, DrawContext, PendingContext } from './console-kind.ts'
import { event } from './event.ts'
import { file } from './file.ts'
import { form } from './form.ts'
import { formAnswer } from './form-answer.ts'
import { login } from './login.ts'
import { text, textBubble } from './text.ts'

const KINDS: { readonly [K in Kind]: ConsoleKind<K> } = {
  file,
  text,
  login,
  cards,
  form,
  'form-answer': formAnswer,
  event,
}

/** Any kind. `never`: the compiler cannot follow through a variable which messages are of the kind. */
interface AnyKind {
  readonly shape: 'bubble' | 'note'
  readonly describe: (message: never) => string
  readonly draw?: (message: never, context: DrawContext) => TemplateResult
}

/** A kind unknown to this version is shown as its text. */
const kindOf = ({ kind }: Message): AnyKind => KINDS[kind] ?? KINDS.text

export const isNote = (message: Message): boolean => kindOf(message).shape === 'note'

/** True for an event that is seen where it happened: the message says that it was edited or deleted ([SH5]). */
export const isRevision = (message: Message): boolean => message.kind === 'event' && 'of' in message.event

const deletedText = ({ erased }: Message) => words().bubble[erased ? 'erased' : 'deleted']

/** Describes a message in one line. */
export const describe = (message: Message): string =>
  message.deleted ? deletedText(message) : kindOf(message).describe(message as never)

/** Describes a body that an agent posts. */
export const describeBody = (body: PostedBody): string =>
  KINDS[postedKind(body)].describe({ author: { kind: 'agent' }, text: '', ...body } as never)

export const drawMessage = (message: Message, context: DrawContext): TemplateResult =>
  message.deleted
    ? html`<div class="bubble deleted" title=${context.sentAt}>${deletedText(message)}</div>`
    : (kindOf(message).draw?.(message as never, context) ?? textBubble(message.text, context.sentAt))

export const drawPending = (body: PostedBody | OutgoingFile, context: PendingContext = {}): TemplateResult =>
  KINDS[postedKind(body as PostedBody)].drawPending(body as never, context)

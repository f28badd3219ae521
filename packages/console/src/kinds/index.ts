/** All kinds of messages in the console. */
import { type Kind, type Message, type PostedBody, postedKind } from '@chat-widget/protocol'
import type { TemplateResult } from 'lit'
import { cards } from './cards.ts'
import type { ConsoleKind } from './console-kind.ts'
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
  readonly draw?: (message: never, sentAt: string) => TemplateResult
}

/** A kind unknown to this version is shown as its text. */
const kindOf = ({ kind }: Message): AnyKind => KINDS[kind] ?? KINDS.text

export const isNote = (message: Message): boolean => kindOf(message).shape === 'note'

/** Describes a message in one line. */
export const describe = (message: Message): string => kindOf(message).describe(message as never)

export const drawMessage = (message: Message, sentAt: string): TemplateResult =>
  kindOf(message).draw?.(message as never, sentAt) ?? textBubble(message.text, sentAt)

export const drawPending = (body: PostedBody, sentAt: string): TemplateResult =>
  KINDS[postedKind(body)].drawPending(body as never, sentAt)

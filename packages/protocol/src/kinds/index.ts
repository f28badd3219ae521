/**
 * The kinds of messages, one module each. A new kind is an entry here, and one in each table that the compiler then
 * asks for.
 */
import { cardsKind } from './cards.ts'
import { eventKind } from './event.ts'
import { fileKind } from './file.ts'
import { formKind } from './form.ts'
import { formAnswerKind } from './form-answer.ts'
import type { KindDefinition } from './kind.ts'
import { loginKind } from './login.ts'
import { textKind } from './text.ts'

export const KINDS = {
  text: textKind,
  login: loginKind,
  cards: cardsKind,
  form: formKind,
  'form-answer': formAnswerKind,
  file: fileKind,
  event: eventKind,
} as const satisfies Readonly<Record<string, KindDefinition>>

export type Kinds = typeof KINDS

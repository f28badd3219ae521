/** The console's part of a kind of message. */
import type { OutgoingFile, PendingUpload } from '@chat-widget/client'
import type { AppId, Kind, Message, PostedBody, PostedKind } from '@chat-widget/protocol'
import type { TemplateResult } from 'lit'
import type { Answers } from './answers.ts'

/** Beside a message itself, what its drawing depends on. */
export interface DrawContext {
  /** Full date and time, for tooltips. */
  readonly sentAt: string
  /** The conversation's app, whose files they are. */
  readonly app: AppId
  /** The visitor's answers in the conversation. */
  readonly answers: Answers
}

/** The same of a message that the server has not stored yet; of a preview, nothing. */
export interface PendingContext {
  readonly sentAt?: string
  /** Progress of a file's upload; absent while it waits for its turn after a reload. */
  readonly upload?: PendingUpload | undefined
  /** Ends the sending of a file. */
  readonly cancel?: (() => void) | undefined
}

type PendingBody<K extends PostedKind> = K extends 'file' ? OutgoingFile : PostedBody<K>

export type ConsoleKind<K extends Kind> = {
  /** `bubble`: among its author's messages; `note`: centred, without an author. */
  readonly shape: 'bubble' | 'note'
  /** One line, for lists and notes. */
  readonly describe: (message: Message<K>) => string
} & (K extends PostedKind
  ? {
      readonly draw: (message: Message<K>, context: DrawContext) => TemplateResult
      /** Renders a message that the server has not stored yet. */
      readonly drawPending: (body: PendingBody<K>, context: PendingContext) => TemplateResult
    }
  : unknown)

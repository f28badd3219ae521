/** What draws a row is given, and the files that draw cards. */
import type { LoginRequest, TimelineItem } from '@chat-widget/client'
import type { Words } from '../load-strings.ts'
import type { OnDemand } from '../on-demand.ts'
import type { PanelRequest } from '../panel-request.ts'

interface RowList {
  readonly renderRoot: ShadowRoot
  /** Draws the rows again. */
  requestUpdate(): void
}

export interface RowContext {
  /** The element of the rows. */
  readonly list: RowList
  readonly words: Words
  /** All items of the conversation. */
  readonly items: readonly TimelineItem[]
  readonly logins: readonly LoginRequest[]
  readonly ask: (request: PanelRequest) => void
  /** Returns a part once it is loaded; the rows are drawn again then. */
  readonly need: <Part>(part: OnDemand<Part>) => Part | undefined
}

/** An element that draws a message, and the properties it gets after each change. */
export interface DrawnElement {
  readonly tag: string
  readonly properties: object
}

/** A file of its own that draws the cards of a kind. */
export interface CardPart {
  readonly cardOf: (message: never, context: RowContext) => DrawnElement
}

/** Content of the panel, as the engine and its parts make it up. */
import type { ChatState } from '@chat-widget/client'
import type { KeyedChild } from './dom.ts'

/** Content of the panel. */
export interface PanelView {
  readonly state: ChatState
  /** A sentence for the visitor; a `fatal` one replaces the conversation. */
  readonly problem: { readonly text: string; readonly fatal: boolean } | null
  readonly draft: string
  readonly loadingOlder: boolean
  readonly memoryOnly: boolean
  readonly closable: boolean
  /** True if the visitor may choose something in the header's menu, which is kept. */
  readonly canChoose: boolean
  /** True if they have. */
  readonly hasChosen: boolean
  /** The sheet of a login inside the chat. */
  readonly signIn: HTMLElement | null
  /** Below the name. */
  readonly line?: KeyedChild
  /** True while something else stands in the composer's place. */
  readonly isAsking?: boolean
  /** True while the list of conversations is shown instead of one. */
  readonly isHome?: boolean
  /** Name of the button that leads to the list; without it, the button is there with the first message. */
  readonly wayName?: string
  /** Instead of the app's name. */
  readonly title?: string
  /** Before the composer. */
  readonly foot?: readonly KeyedChild[]
}

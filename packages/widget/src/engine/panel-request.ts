/** Requests of the panel's elements: one event, so that elements ask and only the engine decides. */
import type { ChatClientApi, MessageDraft } from '@chat-widget/client'
import type { LoginRequests } from '@chat-widget/client/login-requests'
import type { ClientMessageId, LoginRequestId, MessageId } from '@chat-widget/protocol'
import { WidgetEvent } from '../events.ts'

export type PanelRequest =
  | { readonly type: 'close' }
  /** `message`: a text, a quick reply or a button's value, or a form's values. */
  | { readonly type: 'send'; readonly message: string | MessageDraft }
  | { readonly type: 'draft'; readonly text: string }
  | { readonly type: 'typing'; readonly typing: boolean }
  | { readonly type: 'retry'; readonly clientId: ClientMessageId }
  | { readonly type: 'discard'; readonly clientId: ClientMessageId }
  | { readonly type: 'load-older' }
  | { readonly type: 'new-conversation' }
  /** Shows the list of conversations, or the conversation; by default whichever is not shown. */
  | { readonly type: 'conversations'; readonly shown?: boolean }
  /** For parts that are loaded later. `read`: nothing that the visitor did asks for it. */
  | { readonly type: 'use' | 'read'; readonly use: (client: ChatClientApi) => void }
  /** `messageId: null` is "Sign in again". */
  | {
      readonly type: 'login'
      readonly messageId: MessageId | null
      readonly reason: 'message' | 'action' | 'expired'
      /** Comes with the button, so that a tap waits for nothing. */
      readonly code: typeof LoginRequests
    }
  | { readonly type: 'cancel-login'; readonly requestId: LoginRequestId }
  | { readonly type: 'continue-as-guest' }
  /** Files for the next message, `undefined` while the visitor chooses. `by`: `dragover` while they are above the panel. */
  | { readonly type: 'attach'; readonly files?: readonly File[]; readonly by?: string }
  /** A part of the panel could not be loaded; only reported. */
  | { readonly type: 'report-load-failed' }

/** The engine stops the event before it reaches the page. */
export function ask(element: HTMLElement, request: PanelRequest): void {
  element.dispatchEvent(new WidgetEvent('chat-request', request))
}

declare global {
  interface HTMLElementEventMap {
    'chat-request': CustomEvent<PanelRequest>
  }
}

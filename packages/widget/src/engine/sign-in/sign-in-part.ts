/** Interface between the engine and the login inside the chat, which is loaded on demand. */
import type { ChatClientApi, ChatState, LoginRequest } from '@chat-widget/client'
import type { LoginRequestId } from '@chat-widget/protocol'
import type { Words } from '../load-strings.ts'

export interface SignIn {
  /**
   * Returns the sheet to show, or `null` if no login is the chat's own. `tapped`: the newest login begun on this page;
   * it gets the focus once.
   */
  follow(state: ChatState, words: Words, tapped: LoginRequestId | null): HTMLElement | null
  /** Closes it. A pending login goes on, for the next page. */
  close(): void
}

export interface SignInPart {
  createSignIn(client: Pick<ChatClientApi, 'parts' | 'takeLogin' | 'cancelLogin' | 'failLogin'>): SignIn
}

export type LoadSignIn = () => Promise<SignInPart>

/** True if the chat itself is signing the visitor in. */
export const isOpenBuiltIn = ({ isBuiltIn, state }: LoginRequest) =>
  isBuiltIn === true && state.status === 'requested'

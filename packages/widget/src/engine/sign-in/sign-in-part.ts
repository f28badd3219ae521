/** What the engine and the login inside the chat know of each other; the latter is loaded when it is first needed. */
import type { ChatClientApi, ChatState, LoginRequest } from '@chat-widget/client'
import type { LoginRequestId } from '@chat-widget/protocol'
import type { Words } from '../load-strings.ts'

export interface SignIn {
  /**
   * The sheet to show, or `null` where no login is the chat's own. `tapped`: the newest login that the visitor began on
   * this page, and not on one before; it gets focus once.
   */
  follow(state: ChatState, words: Words, tapped: LoginRequestId | null): HTMLElement | null
  /** Lets go. What is under way stays so, for the next page. */
  close(): void
}

export interface SignInPart {
  createSignIn(
    client: Pick<ChatClientApi, 'builtInLogin' | 'takeLogin' | 'cancelLogin' | 'failLogin'>,
  ): SignIn
}

export type LoadSignIn = () => Promise<SignInPart>

/** The chat itself is signing the visitor in. */
export const isOpenBuiltIn = ({ isBuiltIn, state }: LoginRequest) =>
  isBuiltIn === true && state.status === 'requested'

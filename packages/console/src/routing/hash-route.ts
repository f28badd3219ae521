/** The part of the URL that names the open conversation, `#/conversations/ID`, or a page beside the inbox, e.g. `#/team`. */
import { type ConversationId, SIGN_IN_PROBLEMS, type SignInProblem } from '@chat-widget/protocol'

export type Page = 'team' | 'security-log' | 'webhooks' | 'account'

const CONVERSATION = /^#\/conversations\/([0-9a-f-]{36})$/i
const PAGE = /^#\/(team|security-log|webhooks|account)$/

/** Returns `null` for the list alone, and for anything that is not a conversation's URL. */
export function conversationOfHash(hash: string): ConversationId | null {
  const id = CONVERSATION.exec(hash)?.[1]
  return id === undefined ? null : (id.toLowerCase() as ConversationId)
}

export function hashOfConversation(id: ConversationId | null): string {
  return id === null ? '#/' : `#/conversations/${id}`
}

export const pageOfHash = (hash: string): Page | null => (PAGE.exec(hash)?.[1] as Page | undefined) ?? null

export const hashOfPage = (page: Page): string => `#/${page}`

/** The reason why a single sign-on failed, to which the server sends the browser: `#/sign-in/REASON`. */
export const signInProblemOfHash = (hash: string): SignInProblem | null =>
  SIGN_IN_PROBLEMS.find((problem) => hash === `#/sign-in/${problem}`) ?? null

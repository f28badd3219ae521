/** Users of the machine's world, whom the host sets or who sign in inside the chat. */
import type { ChatUser, RequestContext } from '../chat-state.ts'
import { createSignedInVisitor } from './signed-in-visitor.ts'

const provider = (): RequestContext => ({})

export const ADA: ChatUser = { userIdentifier: 'ada', requestContextProvider: provider }
/** Ada with another provider. */
export const ADA_ANEW: ChatUser = { userIdentifier: 'ada', requestContextProvider: () => ({}) }
export const USERS: readonly ChatUser[] = [
  ADA,
  { userIdentifier: 'bob', requestContextProvider: provider },
  createSignedInVisitor({ userIdentifier: 'ada', method: 'email' }, { approval: {} }),
]

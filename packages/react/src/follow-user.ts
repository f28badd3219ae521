/** Takes the host's user at every render, and tells a chat when it is another one. */
import type { ChatUser, UserToSet } from '@chat-widget/client'

export type FollowUser = (user: UserToSet | undefined) => void

const identityOf = (user: UserToSet) =>
  user === null
    ? ''
    : `${typeof user.requestContextProvider} ${typeof user.userIdentifier} ${user.userIdentifier}`

/**
 * Components write `user={{ … }}`: a new object and a new provider at each render. Setting those each time would ask a
 * customer's provider again and again while it fails, so a chat is told of another `userIdentifier` alone, and calls the
 * newest provider of the one it has. `undefined` changes nothing.
 */
export function createUserFollower(set: (user: UserToSet) => void): FollowUser {
  let followed: { readonly identity: string; newest: UserToSet } | null = null
  return (user) => {
    if (user === undefined) return
    const identity = identityOf(user)
    if (followed?.identity === identity) {
      followed.newest = user
      return
    }
    const mine = { identity, newest: user }
    followed = mine
    // A malformed user is for the chat to refuse.
    if (typeof user?.requestContextProvider !== 'function') return set(user)
    const requestContextProvider: ChatUser['requestContextProvider'] = (...call) =>
      (mine.newest as ChatUser).requestContextProvider(...call)
    set({ userIdentifier: user.userIdentifier, requestContextProvider } as UserToSet)
  }
}

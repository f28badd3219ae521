/** The headless client as a hook, for an interface of one's own. */
import {
  type ChatClientApi,
  ChatError,
  type ChatState,
  type TimelineItem,
  toChatUser,
} from '@chat-widget/client'
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import {
  chatKey,
  type SharedChatOptions,
  sharedChat,
  subscribe,
  viewOf,
  viewOnServer,
} from './shared-chats.ts'

export interface UseChatOptions extends SharedChatOptions {
  /** Default: `true`. With `false`, the chat connects at the first message, or when this becomes `true`. */
  readonly connect?: boolean | undefined
}

/**
 * The same functions at every render. Until the component is mounted, and after the last one has gone, they do nothing, or
 * reject with the code `closed`.
 */
export type ChatCommands = Pick<
  ChatClientApi,
  | 'send'
  | 'retry'
  | 'discard'
  | 'setTyping'
  | 'markRead'
  | 'loadOlder'
  | 'newConversation'
  | 'showConversation'
  | 'cancelLogin'
  | 'failLogin'
  | 'logout'
> & {
  /** [ID15] Begins a login request for a card's message, or `null`. Then sign in, and pass another `user`. */
  requestLogin(...request: Parameters<ChatClientApi['requestLogin']>): void
}

export interface Chat extends Omit<ChatState, 'timeline'>, ChatCommands {
  /** Stored messages by seq, then those not yet acknowledged. */
  readonly messages: readonly TimelineItem[]
  /** True if the server has messages older than the first one: `loadOlder()` fetches them. */
  readonly hasOlder: boolean
  readonly history: ChatState['timeline']['status']
  /** The client itself: events, draft, trace. `null` on a server, and until the component is mounted. */
  readonly client: ChatClientApi | null
}

function createCommands(clientNow: () => ChatClientApi | undefined): ChatCommands {
  const closed = () => Promise.reject(new ChatError('closed', 'no mounted component uses this chat'))
  return {
    send: (text) => clientNow()?.send(text) ?? closed(),
    retry: (clientId) => clientNow()?.retry(clientId),
    discard: (clientId) => clientNow()?.discard(clientId) ?? closed(),
    setTyping: (typing) => clientNow()?.setTyping(typing),
    markRead: () => clientNow()?.markRead(),
    loadOlder: () => clientNow()?.loadOlder() ?? closed(),
    newConversation: () => clientNow()?.newConversation() ?? closed(),
    showConversation: (id) => clientNow()?.showConversation(id) ?? closed(),
    requestLogin: (request) => void clientNow()?.requestLogin(request),
    cancelLogin: (requestId) => clientNow()?.cancelLogin(requestId),
    failLogin: (requestId, reason) => clientNow()?.failLogin(requestId, reason),
    logout: (options) => clientNow()?.logout(options) ?? closed(),
  }
}

/**
 * The chat of an app, as state that renders and commands that stay the same. Components with the same `app` and `server`
 * share one client, made with the options of the first; it is closed with the last. Throws a `TypeError` that names the
 * field if `user` is malformed ([ID2]).
 */
export function useChat(options: UseChatOptions): Chat {
  const { user, connect = true } = options
  if (user !== undefined) toChatUser(user)
  const key = chatKey(options)
  // biome-ignore lint/correctness/useExhaustiveDependencies: further options are those of the first component
  const subscribeToKey = useCallback((changed: () => void) => subscribe(key, options, changed), [key])
  const view = useSyncExternalStore(subscribeToKey, () => viewOf(key), viewOnServer)
  useEffect(() => sharedChat(key)?.followUser(user))
  useEffect(() => {
    // Its outcome is in the state.
    if (connect)
      sharedChat(key)
        ?.client.connect()
        .catch(() => {})
  }, [key, connect])
  const commands = useMemo(() => createCommands(() => sharedChat(key)?.client), [key])
  return useMemo(() => {
    const { timeline, ...state } = view.state
    return {
      ...state,
      ...commands,
      messages: timeline.items,
      hasOlder: timeline.hasOlder,
      history: timeline.status,
      client: view.client,
    }
  }, [view, commands])
}

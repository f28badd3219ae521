/** Headless clients that components share: one for each app on a server, closed when the last component has gone. */
import {
  ChatClient,
  type ChatClientOptions,
  type ChatState,
  INITIAL_STATE,
  type UserToSet,
} from '@chat-widget/client'
import { createUserFollower, type FollowUser } from './follow-user.ts'

interface ChatView {
  /** `null` on a server, and until the component is mounted. */
  readonly client: ChatClient | null
  readonly state: ChatState
}

const NOT_MOUNTED: ChatView = { client: null, state: INITIAL_STATE }

export interface SharedChatOptions extends Omit<ChatClientOptions, 'after'> {
  /**
   * The signed-in customer, or `null`. `undefined` says nothing, e.g. in a second component of the same chat. Another
   * `userIdentifier` is another user; the provider may be a new function at each render.
   */
  readonly user?: UserToSet | undefined
}

interface SharedChat {
  readonly client: ChatClient
  readonly followUser: FollowUser
  readonly listeners: Set<() => void>
  view: ChatView
}

/** Chats of mounted components. */
const chats = new Map<string, SharedChat>()
/** Chats whose last component has gone, until their data is stored. */
const closing = new Map<string, Promise<unknown>>()

export const chatKey = ({ app, server }: Pick<ChatClientOptions, 'app' | 'server'>) => `${server} ${app}`

export const sharedChat = (key: string) => chats.get(key)

export const viewOf = (key: string) => chats.get(key)?.view ?? NOT_MOUNTED

export const viewOnServer = () => NOT_MOUNTED

function open(key: string, { user, ...options }: SharedChatOptions): SharedChat {
  const after = closing.get(key)
  const client = new ChatClient(after === undefined ? options : { ...options, after })
  const followUser = createUserFollower((next) => void client.setUser(next).catch(() => {}))
  followUser(user)
  const chat: SharedChat = {
    client,
    followUser,
    listeners: new Set(),
    view: { client, state: client.getState() },
  }
  client.on('change', (state) => {
    chat.view = { client, state }
    for (const listener of [...chat.listeners]) listener()
  })
  chats.set(key, chat)
  return chat
}

/** Subscribes a component to its chat, which the first one makes. Returns the function that ends it. */
export function subscribe(key: string, options: SharedChatOptions, listener: () => void): () => void {
  const chat = chats.get(key) ?? open(key, options)
  // A function of its own for each subscription.
  const mine = () => listener()
  chat.listeners.add(mine)
  return () => {
    chat.listeners.delete(mine)
    // React's StrictMode, and a component that replaces another one, subscribe again in the same task.
    queueMicrotask(() => {
      if (chat.listeners.size === 0 && chats.get(key) === chat) close(key, chat)
    })
  }
}

function close(key: string, { client }: SharedChat): void {
  chats.delete(key)
  const closed = client.close().finally(() => {
    if (closing.get(key) === closed) closing.delete(key)
  })
  closing.set(key, closed)
}

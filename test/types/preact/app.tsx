import type { ChatUser, ChatWidgetElement, LoginButtonEvent } from '@chat-widget/widget'
import type {} from '@chat-widget/widget/preact'
import { createRef } from 'preact'

export function App({ user }: { user: ChatUser | null }) {
  const chat = createRef<ChatWidgetElement>()
  const signIn = (event: LoginButtonEvent) => chat.current?.cancelLogin(event.detail.requestId)
  return (
    <>
      <chat-widget
        ref={chat}
        app="shop"
        mode="inline"
        merge-policy="separate"
        pageTitle="unchanged"
        connect="eager"
        open={false}
        user={user}
        class="corner"
        style={{ zIndex: 1 }}
        aria-label="Help"
        onlogin-button={signIn}
        onunread-change={({ detail }) => detail.count.toFixed()}
      />
      {/* @ts-expect-error no such attribute */}
      <chat-widget application="shop" />
      {/* @ts-expect-error no such mode */}
      <chat-widget mode="popup" />
      {/* @ts-expect-error a user has an identifier */}
      <chat-widget user={{ requestContextProvider: () => ({}) }} />
      {/* @ts-expect-error another event's detail */}
      <chat-widget onunread-change={signIn} />
    </>
  )
}

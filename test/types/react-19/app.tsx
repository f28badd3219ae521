import type { ChatUser, ChatWidgetElement, LoginButtonEvent } from '@chat-widget/widget'
import type {} from '@chat-widget/widget/react'
import { useRef } from 'react'

export const show = () => document.querySelector('chat-widget')?.show()

export function App({ user }: { user: ChatUser | null }) {
  const chat = useRef<ChatWidgetElement>(null)
  const signIn = (event: LoginButtonEvent) => chat.current?.cancelLogin(event.detail.requestId)
  return (
    <>
      <chat-widget
        ref={chat}
        app="shop"
        server="https://chat.example.com"
        mode="floating"
        merge-policy="separate"
        pageTitle="unchanged"
        connect="eager"
        open={false}
        user={user}
        strings={{ title: 'Help', typing: (name) => `${name} …` }}
        className="corner"
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

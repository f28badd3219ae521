import { ChatWidget, type ChatWidgetEventOf, useChat } from '@chat-widget/react'
import type { ChatUser, ChatWidgetElement } from '@chat-widget/widget'
import { useRef } from 'react'

export function Support({ user }: { user: ChatUser | null | undefined }) {
  const chat = useRef<ChatWidgetElement>(null)
  const logIn = (event: ChatWidgetEventOf<'login-button'>) =>
    event.currentTarget.failLogin(event.detail.requestId, 'no')
  return (
    <>
      <ChatWidget
        ref={chat}
        app="shop"
        user={user}
        open={false}
        pageTitle="unchanged"
        mergePolicy="separate"
        connect="eager"
        className="corner"
        hidden={false}
        data-kind="help"
        onLoginButton={logIn}
        onUnreadChange={(event) => event.detail.count.toFixed()}
      >
        <img slot="header-logo" alt="" />
      </ChatWidget>
      {/* @ts-expect-error no app */}
      <ChatWidget />
      {/* @ts-expect-error no such mode */}
      <ChatWidget app="shop" mode="popup" />
      {/* @ts-expect-error no such event */}
      <ChatWidget app="shop" onLogin={logIn} />
      {/* @ts-expect-error the event of another prop */}
      <ChatWidget app="shop" onWidgetError={logIn} />
      {/* @ts-expect-error no provider */}
      <ChatWidget app="shop" user={{ userIdentifier: 'alex' }} />
    </>
  )
}

export function Own({ user }: { user: ChatUser | null | undefined }) {
  const { client, messages, send } = useChat({ app: 'shop', server: 'https://chat.example.com', user })
  // @ts-expect-error null on a server
  client.draft = ''
  const greet = () => send('hello').then(({ seq }) => seq.toFixed())
  return (
    <button type="button" onClick={greet}>
      {messages.length}
    </button>
  )
}

import type { ChatUser, ChatWidgetElement, LoginButtonEvent } from '@chat-widget/widget'
import type {} from '@chat-widget/widget/solid'

export function App(props: { readonly user: ChatUser | null }) {
  let chat: ChatWidgetElement | undefined
  const signIn = (event: LoginButtonEvent) => chat?.cancelLogin(event.detail.requestId)
  return (
    <>
      <chat-widget
        ref={chat}
        app="shop"
        mode="inline"
        attr:merge-policy="separate"
        prop:pageTitle="unchanged"
        connect="eager"
        open={false}
        user={props.user}
        class="corner"
        style={{ 'z-index': 1 }}
        aria-label="Help"
        on:login-button={signIn}
        on:unread-change={({ detail }) => detail.count.toFixed()}
      />
      {/* @ts-expect-error no such attribute */}
      <chat-widget application="shop" />
      {/* @ts-expect-error no such mode */}
      <chat-widget mode="popup" />
      {/* @ts-expect-error a user has an identifier */}
      <chat-widget user={{ requestContextProvider: () => ({}) }} />
      {/* @ts-expect-error another event's detail */}
      <chat-widget on:unread-change={signIn} />
    </>
  )
}

import type { ChatUser, ChatWidgetElement } from '@chat-widget/widget'
import type {} from '@chat-widget/widget/react'
import { useEffect, useRef } from 'react'

export function App({ user }: { user: ChatUser | null }) {
  const chat = useRef<ChatWidgetElement>(null)
  useEffect(() => {
    if (chat.current) chat.current.user = user
  }, [user])
  return (
    <>
      <chat-widget ref={chat} app="shop" mode="inline" merge-policy="merge" open="" class="corner" hidden />
      {/* @ts-expect-error no such attribute */}
      <chat-widget application="shop" />
      {/* @ts-expect-error no such mode */}
      <chat-widget mode="popup" />
      {/* @ts-expect-error React 18 would write an attribute, `[object Object]` */}
      <chat-widget user={user} />
      {/* @ts-expect-error React 18 would write `open="false"`, which opens the chat */}
      <chat-widget open={false} />
    </>
  )
}

'use client'

import '@chat-widget/widget'
import { useRef } from 'react'

async function requestContextProvider() {
  const response = await fetch('http://localhost:8081/chat-token', { method: 'POST' })
  return { Auth: { Token: (await response.json()).token } }
}

export default function Page() {
  const chat = useRef(null)
  const signIn = () => {
    chat.current.user = { userIdentifier: 'alex@example.com', requestContextProvider }
  }
  return (
    <>
      <button type="button" onClick={signIn}>
        Sign in
      </button>
      <chat-widget ref={chat} app="demo" server="http://localhost:8080" />
    </>
  )
}

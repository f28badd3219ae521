'use client'

import { ChatWidget } from '@chat-widget/react'
import { useState } from 'react'

/** The answer of your own server, which knows who is signed in. */
async function requestContextProvider(needsRefresh, { signal }) {
  const response = await fetch(`/chat-token?fresh=${needsRefresh}`, { method: 'POST', signal })
  return { Auth: { Token: (await response.json()).token } }
}

export function Shop() {
  // Stands for your site's login.
  const [customer, setCustomer] = useState(null)
  const signIn = () => setCustomer('alex@example.com')
  return (
    <>
      <button type="button" onClick={customer === null ? signIn : () => setCustomer(null)}>
        {customer === null ? 'Sign in' : 'Sign out'}
      </button>
      <ChatWidget
        app="demo"
        server="http://localhost:8080"
        user={customer === null ? null : { userIdentifier: customer, requestContextProvider }}
        onLoginButton={signIn}
      />
    </>
  )
}

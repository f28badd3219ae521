import { ChatWidget } from '@chat-widget/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

/** The answer of your own server, which knows who is signed in. */
async function requestContextProvider(needsRefresh: boolean, { signal }: { signal: AbortSignal }) {
  const response = await fetch(`/chat-token?fresh=${needsRefresh}`, { method: 'POST', signal })
  return { Auth: { Token: (await response.json()).token } }
}

function Shop() {
  // Stands for your site's login.
  const [customer, setCustomer] = useState<string | null>(null)
  const signIn = () => setCustomer('alex@example.com')
  return (
    <>
      <h1>Northwind</h1>
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

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
)

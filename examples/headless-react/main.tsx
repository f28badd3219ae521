import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Chat } from './chat.tsx'

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
      <Chat customer={customer} signIn={signIn} />
    </>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
)

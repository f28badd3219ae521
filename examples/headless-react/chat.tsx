/** A chat with an interface of its own: everything on the screen is below. */
import { type Chat as ChatState, useChat } from '@chat-widget/react'
import { type FormEvent, useEffect } from 'react'
import './chat.css'

type Item = ChatState['messages'][number]

/** The answer of your own server, which knows who is signed in. */
async function requestContextProvider(needsRefresh: boolean, { signal }: { signal: AbortSignal }) {
  const response = await fetch(`/chat-token?fresh=${needsRefresh}`, { method: 'POST', signal })
  return { Auth: { Token: (await response.json()).token } }
}

export function Chat({ customer, signIn }: { customer: string | null; signIn: () => void }) {
  const chat = useChat({
    app: 'demo',
    server: 'http://localhost:8080',
    user: customer === null ? null : { userIdentifier: customer, requestContextProvider },
  })
  const { messages, markRead } = chat

  useEffect(() => {
    if (messages.length > 0) markRead()
  }, [messages, markRead])

  return (
    <section aria-label="Chat">
      <Status chat={chat} />
      {chat.hasOlder && (
        <button type="button" onClick={() => void chat.loadOlder()}>
          Older messages
        </button>
      )}
      <ol role="log">
        {messages.map((item) => (
          <Message key={keyOf(item)} item={item} chat={chat} signIn={signIn} />
        ))}
      </ol>
      <p role="status">{chat.typing && `${chat.typing.name ?? 'Somebody'} is typing …`}</p>
      <Composer chat={chat} />
    </section>
  )
}

/** A message keeps its client id when it is stored. */
const keyOf = (item: Item) => (item.kind === 'stored' ? item.message.clientId : item.clientId)

function Status({ chat: { connection, identity } }: { chat: ChatState }) {
  if (connection.status === 'offline' || connection.status === 'reconnecting')
    return <p>You are offline: what you write is sent later.</p>
  if (identity.status === 'reauthentication-required') return <p>Please sign in again.</p>
  return (
    <p>{identity.status === 'identified' ? `Signed in as ${identity.userIdentifier}` : 'Ask us anything'}</p>
  )
}

function Message({ item, chat, signIn }: { item: Item; chat: ChatState; signIn: () => void }) {
  if (item.kind === 'pending') {
    const { clientId, state, text } = item
    return (
      <li className="own">
        {text}
        {state.status === 'failed' ? (
          <small>
            Not sent{' '}
            <button type="button" onClick={() => chat.retry(clientId)}>
              Try again
            </button>
          </small>
        ) : (
          <small>Sending …</small>
        )}
      </li>
    )
  }
  const { author, id, kind, text } = item.message
  const isOwn = author.kind === 'visitor'
  const isOpen = kind === 'login' && chat.identity.status === 'anonymous'
  function logIn() {
    chat.requestLogin({ reason: 'message', messageId: id })
    signIn()
  }
  return (
    <li className={isOwn ? 'own' : author.kind}>
      {text}
      {isOpen && (
        <button type="button" onClick={logIn}>
          {item.message.login?.button ?? 'Sign in'}
        </button>
      )}
      <small>{isOwn ? item.delivery : (author.name ?? author.kind)}</small>
    </li>
  )
}

function Composer({ chat: { send, setTyping } }: { chat: ChatState }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('text')).trim()
    // Resolves when the server has stored it; a failure is in `messages`.
    if (text !== '') send(text).catch(() => {})
    event.currentTarget.reset()
  }
  return (
    <form onSubmit={submit}>
      <input
        name="text"
        aria-label="Message"
        autoComplete="off"
        onChange={() => setTyping(true)}
        onBlur={() => setTyping(false)}
      />
      <button type="submit">Send</button>
    </form>
  )
}

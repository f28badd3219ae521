import '@chat-widget/widget'

async function requestContextProvider() {
  const response = await fetch('http://localhost:8081/chat-token', { method: 'POST' })
  return { Auth: { Token: (await response.json()).token } }
}

document.querySelector('button').addEventListener('click', () => {
  document.querySelector('chat-widget').user = { userIdentifier: 'alex@example.com', requestContextProvider }
})

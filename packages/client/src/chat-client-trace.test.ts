import { expect, it } from 'vitest'
import { ada, createClient, server, until, untilConnected, useVisitorServer } from './chat-client.testing.ts'

useVisitorServer()

it('[ID17] traces the transitions, and tells the server, without secrets and without saying who it is', async () => {
  const client = createClient()
  const user = (password: string) => ({
    userIdentifier: 'ada@example.com',
    requestContextProvider: () => ({ token: 'ada@example.com', password }),
  })
  await client.setUser(user('hunter2'))
  const [socket] = server.sockets
  socket?.emit('context:needed', { refresh: true, cause: 'expired' })
  await until(() => expect(client.trace()).toHaveLength(4))
  await until(() => expect(server.traces.flatMap(({ entries }) => entries)).toHaveLength(4))
  expect(client.trace().map(({ from, to, cause }) => [from, to, cause])).toEqual([
    ['anonymous', 'authenticating', 'user-set'],
    ['authenticating', 'identified', 'authenticated'],
    ['identified', 'refreshing', 'expired'],
    ['refreshing', 'identified', 'authenticated'],
  ])
  for (const secret of ['hunter2', 'ada@example.com', ...server.tokens]) {
    expect(JSON.stringify([client.trace(), server.traces])).not.toContain(secret)
  }
})

it('[ID17] tells each transition once, also across a lost connection, and a sign-out before it', async () => {
  const client = createClient()
  await client.setUser(ada())
  await until(() => expect(server.traces).toHaveLength(1))
  await until(() => expect(server.unanswered).toBe(0))
  server.cut()
  await until(() => expect(server.handshakes).toHaveLength(2))
  await untilConnected(client)
  const signedOut = client.logout()
  await signedOut
  await untilConnected(client)
  const told = server.traces.flatMap(({ entries }) => entries)
  expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(told.map(({ at, from, to, cause, tab }) => ({ at, from, to, cause, tab }))).toEqual(
    client.trace().slice(0, 3),
  )
  expect(client.trace().at(-1)).toMatchObject({ from: 'signing-out', to: 'anonymous' })
})

it('[ID17] [ID14] tells nothing while the server does not know who it is', async () => {
  const client = createClient()
  await client.setUser(ada(() => Promise.reject(new Error('no'))))
  expect(client.trace().at(-1)).toMatchObject({ to: 'reauthentication-required', code: 'provider-failed' })
  await client.setUser(ada(() => ({ token: 'ada' })))
  await until(() => expect(server.traces.flatMap(({ entries }) => entries)).toHaveLength(4))
  expect(server.tracers).toEqual(['identified'])
})

import { expect, it, vi } from 'vitest'
import { serverAddress } from './server-address.ts'

it.each([
  ['https://chat.example.com', 'https://chat.example.com'],
  ['https://chat.example.com/', 'https://chat.example.com'],
  ['https://chat.example.com//', 'https://chat.example.com'],
  ['HTTPS://Chat.Example.com:443/?debug#top', 'https://chat.example.com'],
  ['https://user:secret@chat.example.com', 'https://chat.example.com'],
  ['http://localhost:8080/chat/', 'http://localhost:8080/chat'],
  ['//chat.example.com/', 'https://chat.example.com'],
  ['/chat', 'https://shop.example.com/chat'],
  ['localhost:8080/', 'localhost:8080'],
  ['', ''],
  // A host's plain JavaScript.
  [undefined as unknown as string, 'undefined'],
])('reduces the server %j to origin and path', (server, address) => {
  vi.stubGlobal('location', new URL('https://shop.example.com/cart?id=1'))
  expect(serverAddress(server)).toBe(address)
  vi.unstubAllGlobals()
})

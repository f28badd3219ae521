import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { choosePort } from './ports.ts'

const HOST = '127.0.0.1'
const server = createServer()
afterEach(() => new Promise((resolve) => server.close(resolve)))

describe('choosePort', () => {
  it('falls back to any free port where the usual one is taken, but never from a wanted one', async () => {
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
    const taken = (server.address() as AddressInfo).port

    expect(await choosePort(undefined, taken, HOST)).toBe(0)
    expect(await choosePort(taken, 1, HOST)).toBe(taken)
    await new Promise((resolve) => server.close(resolve))
    expect(await choosePort(undefined, taken, HOST)).toBe(taken)
  })
})

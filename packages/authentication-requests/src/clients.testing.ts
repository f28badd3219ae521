/** Servers and clients for tests, which end with the test. */
import { expect, type Mock, onTestFinished, vi } from 'vitest'
import type { Tuning } from './authentication.ts'
import type { AuthenticationClientOptions, Logger } from './authentication-client-api.ts'
import { type ServerOptions, startAuthenticationServer } from './authentication-server.testing.ts'
import { createTunedClient } from './create-authentication-client.ts'

export const ALEX = '1112223334'

export interface QuietLogger {
  readonly info: Mock<Logger['info']>
  readonly warn: Mock<Logger['warn']>
  readonly error: Mock<Logger['error']>
}

export function createQuietLogger(): QuietLogger {
  return { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
}

export async function startServer(options: ServerOptions = {}) {
  const server = await startAuthenticationServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A client of an app's server with short time limits. */
export function connect(
  server: { readonly url: string; readonly app: string },
  options: Partial<AuthenticationClientOptions> = {},
  tuning: Partial<Tuning> = {},
) {
  const logger = createQuietLogger()
  const client = createTunedClient(
    { server: server.url, app: server.app, logger, ...options },
    { leastMs: 5, retryDelay: () => 10, ...tuning },
  )
  onTestFinished(() => client.close())
  return { client, authentication: client.authentication(), logger }
}

/** The id of the last request, once the server has `count`. */
export async function lastCid(server: { cids(): readonly string[] }, count = 1): Promise<string> {
  await expect.poll(() => server.cids().length, { interval: 5 }).toBe(count)
  return server.cids().at(-1)!
}

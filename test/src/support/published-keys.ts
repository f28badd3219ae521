/** Keys that a server publishes, by which a decision is verified. */
import { createRemoteJWKSet } from 'jose'
import { inject } from 'vitest'

/** With the tests' limit of waits: jose gives up after 5 s, which a busy machine may take. */
export const publishedKeys = (server: string) =>
  createRemoteJWKSet(new URL(`${server}/.well-known/jwks.json`), { timeoutDuration: inject('patienceMs') })

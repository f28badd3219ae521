/** Signs in and out over HTTP. The proof is in an HttpOnly cookie; no secret comes back. */
import { ChatError, type ErrorCode, type SignInMethods } from '@chat-widget/protocol'
import { serverAddress } from '../connection/server-address.ts'
import type { Agent } from './agent-state.ts'

export interface SessionRequests {
  /** Resolves with the signed-in agent, or `null`. Rejects with `server-unreachable` or `internal` if it is unknown. */
  current(): Promise<Agent | null>
  signIn(email: string, password: string): Promise<Agent>
  signOut(): Promise<void>
  /** Rejects as `current` does. */
  methods(): Promise<SignInMethods>
}

const PATH = '/console/session'

export function createSessionRequests(server: string): SessionRequests {
  const address = serverAddress(server)
  const url = address + PATH
  return {
    async current() {
      const response = await request(url, { method: 'GET' })
      if (response.status === 401) {
        return null
      }
      return await agentOf(response)
    },
    async signIn(email, password) {
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      return await agentOf(response)
    },
    async signOut() {
      const response = await request(url, { method: 'DELETE' })
      if (!response.ok && response.status !== 401) {
        throw await errorOf(response)
      }
    },
    async methods() {
      const response = await request(`${address}/console/sign-in`, { method: 'GET' })
      if (!response.ok) throw await errorOf(response)
      const methods: SignInMethods = await response.json()
      return methods
    },
  }
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch (cause) {
    throw new ChatError('server-unreachable', 'the server cannot be reached', { cause })
  }
}

async function agentOf(response: Response): Promise<Agent> {
  if (!response.ok) {
    throw await errorOf(response)
  }
  const body: { readonly agent: Agent } = await response.json()
  return body.agent
}

/** A proxy in between may answer with anything; then only the status counts. */
async function errorOf(response: Response): Promise<ChatError> {
  const body: unknown = await response.json().catch(() => null)
  const error = isErrorBody(body) ? body.error : null
  return new ChatError(
    error?.code ?? codeOfStatus(response.status),
    error?.message ?? `status ${response.status}`,
  )
}

function isErrorBody(
  body: unknown,
): body is { readonly error: { readonly code: ErrorCode; readonly message: string } } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    typeof body.error === 'object' &&
    body.error !== null &&
    'code' in body.error &&
    typeof body.error.code === 'string'
  )
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) {
    return 'unauthenticated'
  }
  if (status === 429) {
    return 'rate-limited'
  }
  return status >= 502 && status <= 504 ? 'server-unreachable' : 'internal'
}

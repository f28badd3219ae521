/** The real server, in the process of the tests, over a database of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppId, ChatError, type WireError } from '@chat-widget/protocol'
import { type AuthenticationRequestLimits, type ChatServer, createChatServer } from '@chat-widget/server'

type Verdict = { readonly subject: string; readonly expiresAt: number | null } | WireError
export type Verify = (context: Record<string, unknown>) => Verdict

/** A server that visitors of several tests share, each in an app of its own. */
export interface SharedServer {
  readonly url: string
  readonly chat: ChatServer
  /** Links to approval pages, by the id of the request. */
  readonly links: Map<string, string>
  /** An app that nobody used yet, and whose contexts are verified so. */
  newApp(verify: Verify): AppId
  close(): Promise<void>
}

const APPS = 120

/** More than any test asks. */
const many = {
  addresseeBurst: 1_000,
  addresseeCooldownSeconds: 30,
  addresseePerHour: 1_000,
  ipBurst: 1_000,
  ipPerHour: 1_000,
  ipWaits: 1_000,
  appBurst: 1_000,
  appPerHour: 1_000,
}
const LOGIN_LIMITS: AuthenticationRequestLimits = {
  withoutKey: many,
  withKey: many,
  inChat: { sessionBurst: 1_000, sessionPerHour: 1_000 },
  addresseePerHour: 1_000,
}

export async function startSharedServer(): Promise<SharedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-client-'))
  const links = new Map<string, string>()
  const verifiers: Verify[] = []
  const chat = await createChatServer({
    port: 0,
    dataDir: join(folder, 'data'),
    apps: Array.from({ length: APPS }, (_, index) => ({
      id: `shop-${index}`,
      name: 'Test',
      origins: ['http://localhost:*'],
      login: { methods: ['host', 'email'] as const, continueAsGuest: true },
      authenticationRequests: { limits: LOGIN_LIMITS },
      verifyContext({ context }) {
        const verdict = verifiers[index]?.(context) ?? null
        if (verdict === null) return null
        if ('code' in verdict) throw new ChatError(verdict.code, verdict.message, verdict)
        return { userIdentifier: verdict.subject, expiresAt: verdict.expiresAt }
      },
    })),
    delivery: { deliver: async ({ record, link }) => void links.set(record.id, link) },
  })
  return {
    url: await chat.listen(),
    chat,
    links,
    newApp(verify) {
      const index = verifiers.push(verify) - 1
      if (index >= APPS) throw new Error('more tests than apps')
      return `shop-${index}` as AppId
    },
    async close() {
      await chat.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

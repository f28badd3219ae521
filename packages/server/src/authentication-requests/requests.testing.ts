/** The service over a real SQLite file, a delivery that records its calls, and a clock that tests set. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppId } from '@chat-widget/protocol'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import { createJobQueue, type JobQueue, type JobTuning } from '../jobs/job-queue.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { openTestStorage, releaseTestStorage } from '../storage/test-storage.testing.ts'
import type {
  AuthenticationRequestService,
  AuthenticationRequestsOptions,
} from './authentication-request-service.ts'
import type { CreateRequest, LinkDecision, RequestDelivery } from './authentication-requests.ts'
import { createAuthenticationRequests } from './create-authentication-requests.ts'

export const SHOP = 'shop' as AppId
export const PUBLIC_URL = 'https://chat.example.com'

export const wish = (changes: Partial<CreateRequest> = {}): CreateRequest => ({
  app: SHOP,
  id: null,
  addressee: { kind: 'email', email: 'ann@example.com' },
  claims: { applicationTitle: 'My App', userName: null, userIp: null, userOrigin: null },
  binding: 'none',
  lifetimeSeconds: 900,
  creator: { kind: 'anyone', ip: '192.0.2.1' },
  ...changes,
})
export const byKey = { kind: 'key', ip: '192.0.2.1' } as const
export const never = new AbortController().signal

export interface Outbox extends RequestDelivery {
  /** Tokens of the links that were delivered, oldest first. */
  readonly tokens: string[]
  readonly records: AuthenticationRequestRecord[]
}

/** Delivers, unless `fail` throws. */
export function createOutbox(
  fail: (attempt: number, link: string) => void | Promise<void> = () => undefined,
): Outbox {
  const tokens: string[] = []
  const records: AuthenticationRequestRecord[] = []
  let attempts = 0
  return {
    tokens,
    records,
    async deliver({ record, link }) {
      attempts += 1
      await fail(attempts, link)
      tokens.push(link.slice(link.lastIndexOf('/') + 1))
      records.push(record)
    },
  }
}

export interface Requests {
  readonly service: AuthenticationRequestService
  readonly jobs: JobQueue
  readonly storage: Storage
  readonly outbox: Outbox
  readonly dataDir: string
  /** The log's text. */
  readonly log: () => string
  /** Milliseconds since the epoch. */
  readonly clock: { now: number }
  /** Closes the service and its database and opens both again, with another delivery. */
  restart(outbox?: Outbox): Promise<void>
  /** The decision of a person who opened the last delivered link. */
  fromLink(changes?: Partial<LinkDecision>, token?: string): Promise<LinkDecision>
}

type Options = Partial<
  Pick<
    AuthenticationRequestsOptions,
    'limitsOf' | 'deliveryTuning' | 'providers' | 'keepDaysOf' | 'forwardedCodeTuning'
  >
> & {
  readonly outbox?: Outbox
  readonly jobTuning?: Partial<JobTuning>
  /** The database is a file in `dataDir`, for tests that read its bytes. */
  readonly ownFile?: boolean
}

export async function startRequests(options: Options = {}): Promise<Requests> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-requests-'))
  const clock = { now: Date.now() }
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  let outbox = options.outbox ?? createOutbox()
  let storage: Storage
  let service: AuthenticationRequestService
  let jobs: JobQueue

  async function open(): Promise<void> {
    storage = await (options.ownFile === true ? openStorage({ dataDir }) : openTestStorage(dataDir))
    const now = () => clock.now
    jobs = createJobQueue({ jobs: storage.jobs, logger, now, tuning: options.jobTuning })
    service = await createAuthenticationRequests({
      ...{ storage, jobs },
      delivery: outbox,
      publicUrl: () => PUBLIC_URL,
      limitsOf: () => DEFAULT_REQUEST_LIMITS,
      logger,
      now,
      // With a clock that stands still, a pause would not end.
      deliveryTuning: { baseMs: 0, capMs: 0 },
      ...options,
    })
    jobs.start()
  }
  async function close(): Promise<void> {
    await service.close()
    await jobs.close()
    await storage.close()
  }

  await open()
  onTestFinished(async () => {
    await close()
    releaseTestStorage(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  })
  return {
    get service() {
      return service
    },
    get jobs() {
      return jobs
    },
    get storage() {
      return storage
    },
    get outbox() {
      return outbox
    },
    dataDir,
    log: () => lines.join(''),
    clock,
    async restart(next = createOutbox()) {
      await close()
      outbox = next
      await open()
    },
    async fromLink(changes = {}, token = outbox.tokens.at(-1) ?? '') {
      const view = await service.viewLink(token)
      const nonce = view.kind === 'pending' ? view.nonce : ''
      return { token, nonce, decision: 'approved', code: null, mutes: false, ...changes }
    },
  }
}

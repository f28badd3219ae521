/** [WB4] Webhooks and their deliveries, as those who manage an app see them and have them tried again. */
import {
  type AppId,
  ChatError,
  type ListDeliveriesRequest,
  type WebhookDeliveryInfo,
  type WebhookDeliveryPage,
  type WebhookInfo,
} from '@chat-widget/protocol'
import type { Agent } from '../agents/agent-accounts.ts'
import { belongsTo, mayManage } from '../agents/permissions.ts'
import type { AppConfig } from '../config/config.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { createRateLimit } from '../limits/rate-limits.ts'
import type { Access } from '../storage/agent-storage.ts'
import type { ListedJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { prefixOf, receiverOf } from '../storage/webhook-target.ts'
import { webhookKey } from './webhook-targets.ts'

export interface WebhookOverviewOptions {
  readonly storage: Pick<Storage, 'webhookDeliveries'>
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly jobs: Pick<JobQueue, 'wake'>
  readonly now: () => number
}

export type WebhookOverview = ReturnType<typeof createWebhookOverview>

/** Deliveries that one request has tried again. */
const MOST_REPLAYED = 1_000
const REPLAYS = { burst: 60, perSecond: 1 }
const NONE = { waiting: 0, failing: 0, givenUp: 0 }

export function createWebhookOverview({ storage, apps, jobs, now }: WebhookOverviewOptions) {
  const replays = createRateLimit(REPLAYS)

  return {
    async list(asker: Agent): Promise<readonly WebhookInfo[]> {
      requireManager(asker)
      const all = [...apps.values()]
        .filter(({ id }) => belongsTo(asker, id))
        .flatMap(({ id, webhooks = [] }) =>
          webhooks.map((webhook) => ({ app: id, webhook, key: webhookKey(id, webhook) })),
        )
      const counts = await storage.webhookDeliveries.counts(all.map(({ key }) => key))
      return all.map(({ app, webhook, key }) => ({
        ...{ app, address: addressIn(app, receiverOf(app, webhook.url)), events: webhook.events },
        ...(counts.get(key) ?? NONE),
      }))
    },

    async deliveries(
      asker: Agent,
      { state, cursor, limit }: ListDeliveriesRequest,
    ): Promise<WebhookDeliveryPage> {
      requireManager(asker)
      const page = await storage.webhookDeliveries.list({
        ...{ state, limit },
        ...(asker.apps !== undefined && { apps: asker.apps }),
        ...(cursor !== undefined && { cursor }),
      })
      return { deliveries: page.deliveries.map(toInfo), cursor: page.cursor }
    },

    /** `id: null`: those of the asker's apps that were given up. Resolves with their number. */
    async replay(asker: Agent, id: string | null): Promise<number> {
      const retryAfterMs = await replays.take(asker.id)
      if (retryAfterMs > 0)
        throw new ChatError('rate-limited', 'Too many tries; try again later.', { retryAfterMs })
      const replayed = await storage.webhookDeliveries.replay({
        ...{ id, limit: MOST_REPLAYED, at: now(), by: { kind: 'agent', id: asker.id } },
        authorize: requireManager,
      })
      if (replayed > 0) jobs.wake('webhook')
      else if (id !== null) throw new ChatError('not-found', 'This delivery is done, or under way.')
      return replayed
    },
  }
}

function requireManager(asker: Access): void {
  if (!mayManage(asker)) throw new ChatError('forbidden', 'This account may not do that.')
}

const addressIn = (app: AppId, receiver: string): string => receiver.slice(prefixOf(app).length)

function toInfo({
  key,
  payload: { app, event, at },
  receiver = '',
  attempts,
  dueAt,
  isLeased,
  failedAt,
  problem,
}: ListedJob<'webhook'>): WebhookDeliveryInfo {
  return {
    ...{ id: key, app, address: addressIn(app, receiver), event: event.type, tries: attempts, problem },
    conversationId: event.type === 'user.identified' ? null : event.conversationId,
    at: new Date(at).toISOString(),
    state: failedAt !== null ? 'given-up' : isLeased ? 'under-way' : 'waiting',
    stateAt: new Date(failedAt ?? dueAt).toISOString(),
  }
}

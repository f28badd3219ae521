/** Tells visitors' devices of their app: in `ready`, and whenever it changes ([WH1]). */
import type { AppAppearance, AppId, AppInfo, Availability } from '@chat-widget/protocol'
import { createHours, type HoursConfig } from '../availability/hours.ts'
import type { AppConfig } from '../config/config.ts'
import type { LiveApps } from '../config/live-apps.ts'
import type { FileService } from '../files/file-service.ts'
import type { Presence } from './presence.ts'
import { answeringIn } from './rooms.ts'
import type { VisitorNamespace } from './socket-server.ts'
import type { Tuning } from './tuning.ts'

export interface AppFeedOptions {
  readonly visitors: Pick<VisitorNamespace, 'sockets'>
  readonly apps: LiveApps
  readonly files: Pick<FileService, 'limitsOf'>
  /** Of the agents' rooms. */
  readonly present: Presence
  /** Tells other nodes that an agent came or left. */
  readonly tellNodes: () => void
  readonly tuning: Pick<Tuning, 'headIntervalMs' | 'agentGraceMs'>
  readonly now: () => number
}

export type AppFeed = ReturnType<typeof createAppFeed>

export function createAppFeed({ visitors, apps, files, present, tellNodes, tuning, now }: AppFeedOptions) {
  const openingHours = new WeakMap<HoursConfig, ReturnType<typeof createHours>>()
  /** JSON of what devices know of each app. */
  const told = new Map<AppId, string>()
  /** Apps with an agent who may answer. */
  let answered: ReadonlySet<AppId> = new Set()
  let leaving: NodeJS.Timeout | undefined
  let closed = false

  function availabilityOf({ id, hours }: AppConfig): Availability | undefined {
    if (hours === undefined) return undefined
    const stateAt = openingHours.get(hours) ?? createHours(hours)
    openingHours.set(hours, stateAt)
    const { isOpen, changesAt } = stateAt(now())
    if (isOpen) return { status: answered.has(id) ? 'online' : 'away' }
    return { status: 'away', ...(changesAt !== null && { opensAt: changesAt }) }
  }

  function appearanceOf(app: AppConfig): AppAppearance | undefined {
    const { appearance, preChat } = app
    const availability = availabilityOf(app)
    if (appearance === undefined && preChat === undefined && availability === undefined) return undefined
    return {
      ...appearance,
      ...(preChat !== undefined && { preChat }),
      ...(availability !== undefined && { availability }),
    }
  }

  function infoOf(app: AppConfig): AppInfo {
    const { name, login, openConversations } = app
    const limits = files.limitsOf(app.id)
    const appearance = appearanceOf(app)
    return {
      name,
      login: { methods: login.methods, continueAsGuest: login.continueAsGuest },
      ...(limits !== null && { files: { maxBytes: limits.maxBytes, types: limits.types } }),
      ...(appearance !== undefined && { appearance }),
      ...(openConversations === 'one' && { openConversations }),
    }
  }

  /** Tells this node's devices of the apps that changed; others know by themselves. */
  function tellChanges(): void {
    const changed = new Map<AppId, AppInfo>()
    for (const app of apps.list) {
      const info = infoOf(app)
      const json = JSON.stringify(info)
      if (told.get(app.id) !== json) changed.set(app.id, info)
      told.set(app.id, json)
    }
    for (const id of told.keys()) if (!apps.byId.has(id)) told.delete(id)
    if (changed.size === 0) return
    for (const socket of visitors.sockets.values()) {
      const info = socket.data.app === undefined ? undefined : changed.get(socket.data.app)
      if (info !== undefined) socket.emit('app', info)
    }
  }

  async function look(): Promise<void> {
    if (!apps.list.some(({ hours }) => hours !== undefined)) return
    if (leaving === undefined) {
      const rooms = new Map(apps.list.map(({ id }) => [id, answeringIn(id)]))
      const there = await present([...rooms.values()].flat())
      if (closed) return
      answered = new Set(
        apps.list.map(({ id }) => id).filter((id) => rooms.get(id)?.some((room) => there.has(room))),
      )
    }
    tellChanges()
  }

  const timer = setInterval(() => void look(), tuning.headIntervalMs)
  const unsubscribe = apps.onReplace(tellChanges)
  for (const app of apps.list) told.set(app.id, JSON.stringify(infoOf(app)))
  void look()

  return {
    infoOf,
    /** True while nobody answers, by the app's `hours`. */
    isAway: (app: AppConfig): boolean => availabilityOf(app)?.status === 'away',
    /** An agent who may answer in these apps is connected; `undefined`: in all. */
    agentCame(belonging: readonly AppId[] | undefined): void {
      const came = belonging ?? apps.list.map(({ id }) => id)
      const isNews = came.some((id) => !answered.has(id))
      answered = new Set([...answered, ...came])
      tellChanges()
      if (isNews) tellNodes()
    },
    /** One who loads the console again is not away meanwhile. */
    agentLeft(): void {
      clearTimeout(leaving)
      leaving = setTimeout(() => {
        leaving = undefined
        void look()
        tellNodes()
      }, tuning.agentGraceMs)
    },
    /** Called when an agent came to another node, or left it. */
    presenceChanged: (): void => void look(),
    close(): void {
      closed = true
      clearInterval(timer)
      clearTimeout(leaving)
      unsubscribe()
    },
  }
}

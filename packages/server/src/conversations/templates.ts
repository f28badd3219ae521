/** Templates: messages that the agents of an app keep to send again ([MK12]). */
import { type AppId, ChatError, LIMITS, type MessageTemplate, type TemplateId } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import type { Storage } from '../storage/storage.ts'

export interface TemplateService {
  /** By name. Each call rejects with `unknown-app` for an app that the server does not have. */
  list(app: AppId): Promise<readonly MessageTemplate[]>
  /** Rejects with `too-large` if the app has no room for it. */
  save(app: AppId, template: MessageTemplate): Promise<void>
  remove(app: AppId, id: TemplateId): Promise<void>
}

export interface TemplateServiceOptions {
  readonly storage: Pick<Storage, 'templates'>
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly now: () => number
}

const ROOM = { templates: LIMITS.templates, bytes: LIMITS.templateBytes }

export function createTemplateService({ storage, apps, now }: TemplateServiceOptions): TemplateService {
  const known = (app: AppId): AppId => {
    if (!apps.has(app)) throw new ChatError('unknown-app', `There is no app ${app}.`)
    return app
  }
  return {
    list: async (app) => storage.templates.list(known(app)),
    async save(app, template) {
      if (!(await storage.templates.save(known(app), template, now(), ROOM)))
        throw new ChatError(
          'too-large',
          `The app keeps ${ROOM.templates} templates, and ${ROOM.bytes} bytes in all.`,
        )
    },
    remove: async (app, id) => storage.templates.remove(known(app), id),
  }
}

/** Templates: messages that the agents of an app keep on the server, to send again. */
import type { AgentToServerEvents, AppId, MessageTemplate, TemplateId } from '@chat-widget/protocol'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import { randomId } from '../util/random-id.ts'
import { storableBody } from '../util/storable-text.ts'
import { answerIn } from './agent-errors.ts'

/** Each call rejects if the server refuses or cannot be reached. */
export interface AgentTemplates {
  /** Resolves with the app's templates, by name. */
  list(app: AppId): Promise<readonly MessageTemplate[]>
  /** Replaces the template of this id; without an id, adds one. Rejects with `too-large` if the app has no room for it. */
  save(app: AppId, template: Omit<MessageTemplate, 'id'> & { readonly id?: TemplateId }): Promise<void>
  delete(app: AppId, id: TemplateId): Promise<void>
}

type Request = <Name extends 'templates:list' | 'template:save' | 'template:delete'>(
  name: Name,
  payload: RequestOf<AgentToServerEvents, Name>,
) => Promise<Reply<ValueOf<AgentToServerEvents, Name>>>

export function createAgentTemplates(request: Request): AgentTemplates {
  return {
    async list(app) {
      return answerIn(await request('templates:list', { app })).templates
    },
    async save(app, { id = randomId<TemplateId>(), name, body }) {
      answerIn(await request('template:save', storableBody({ app, id, name, body })))
    },
    async delete(app, id) {
      answerIn(await request('template:delete', { app, id }))
    },
  }
}

/** Stored templates of agents; the guarantees are those of `Storage`. */
import type { AppId, MessageTemplate, TemplateId } from '@chat-widget/protocol'

interface TemplateRoom {
  readonly templates: number
  /** Of the JSON text of all bodies. */
  readonly bytes: number
}

export interface TemplateStorage {
  /** By name. */
  list(app: AppId): Promise<readonly MessageTemplate[]>
  /** Adds the template, or replaces the one of its id. Resolves with false, and changes nothing, beyond the room. */
  save(app: AppId, template: MessageTemplate, at: number, room: TemplateRoom): Promise<boolean>
  remove(app: AppId, id: TemplateId): Promise<void>
}

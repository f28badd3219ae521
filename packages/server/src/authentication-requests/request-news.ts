/** Events of requests that were shown, changed, or ended, by this node or another one. */
import type { AppId, AuthenticationRequestId, ConversationId } from '@chat-widget/protocol'
import type { StoredRequest } from '../storage/authentication-request-storage.ts'
import type { RequestObserver } from './request-observer.ts'

export class RequestNews {
  readonly #observer: RequestObserver
  readonly #changes = new Set<(id: AuthenticationRequestId, app: AppId) => void>()
  readonly #own = new Set<(id: AuthenticationRequestId, app: AppId) => void>()
  readonly #progress = new Set<(conversationId: ConversationId) => void>()

  constructor(observer: RequestObserver) {
    this.#observer = observer
  }

  changed(request: StoredRequest): void {
    const { id, app, status, createdAt, decidedAt } = request
    const isOver = status !== 'pending'
    if (isOver) this.#observer.ended(request, status, decidedAt === null ? null : decidedAt - createdAt)
    this.noticed(id, app)
    for (const listener of [...this.#own]) listener(id, app)
    if (isOver) this.progressed(request)
  }

  /** Called when another node changed a request. */
  noticed(id: AuthenticationRequestId, app: AppId): void {
    for (const listener of [...this.#changes]) listener(id, app)
  }

  /** Called when the login of a conversation began, ended, or cannot be delivered. */
  progressed({ conversationId }: Pick<StoredRequest, 'conversationId'>): void {
    if (conversationId !== null) for (const listener of [...this.#progress]) listener(conversationId)
  }

  /** Returns the unsubscribe. */
  onChange(listener: (id: AuthenticationRequestId, app: AppId) => void): () => void {
    return subscribe(this.#changes, (id: AuthenticationRequestId, app: AppId) => listener(id, app))
  }

  /** As `onChange`, without the changes by other nodes. Returns the unsubscribe. */
  onOwnChange(listener: (id: AuthenticationRequestId, app: AppId) => void): () => void {
    return subscribe(this.#own, (id: AuthenticationRequestId, app: AppId) => listener(id, app))
  }

  /** Returns the unsubscribe. */
  onProgress(listener: (conversationId: ConversationId) => void): () => void {
    return subscribe(this.#progress, (id: ConversationId) => listener(id))
  }
}

/** `own` must be a function of this subscription alone: a listener given twice is called twice, and removed once. */
function subscribe<Listener>(listeners: Set<Listener>, own: Listener): () => void {
  listeners.add(own)
  return () => void listeners.delete(own)
}

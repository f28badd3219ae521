/** The surroundings of a tab that leads or follows. */
import type { Conversation, ConversationId, Ready } from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import type { SocketNote } from './socket-note.ts'
import type { Tabs } from './tabs.ts'

export interface LeadPorts {
  readonly tabs: Pick<Tabs, 'lead' | 'owner' | 'tell' | 'on'>
  readonly connection: () => {
    readonly state: ConnectionState
    restart(): void
    request(name: string, payload: unknown): Promise<Reply<unknown>>
    notify(name: string, payload: unknown): void
    tell(name: string, detail: unknown): void
  }
  /** As whom this tab would connect, as far as is known at once. */
  readonly shown: () => string
  /** The same, with a secret that is to be read first. */
  readonly peek: () => Promise<string>
  /** The visitor, as far as this tab knows them. */
  readonly visitor: () => {
    readonly identity: { readonly wire: Ready['identity'] | null; readonly now: number }
    readonly conversation: {
      readonly id: ConversationId | null
      readonly confirmedSeq: number
      readonly timeline: {
        readonly headSeq: number
        readonly peer: { readonly delivered: number; readonly read: number }
      }
    }
    readonly status: Conversation['status']
    readonly app: Ready['app'] | null
  }
}

/** As long as a tab leads. */
export interface Term {
  readonly lock: string
  /** The leader's name. */
  readonly id: string
  readonly owner: string | null
  release: () => void
}

/** Further ports, of a tab that shares the socket. */
export interface SharingPorts extends LeadPorts {
  /** The server knows this tab, and its session is stored, where other tabs find it. */
  readonly isSettled: () => boolean
  /** This tab's, if it leads. */
  readonly term: () => Term | null
  readonly tell: (note: SocketNote, owner?: string | null) => void
  /** Takes the lead, as soon as the leader is gone (`signal`: no longer wanted) or from it; resolves to `true` then. */
  readonly take: (
    how: { readonly signal: AbortSignal } | { readonly steal: true },
  ) => Promise<boolean | undefined>
  /** Connects anew, if this tab is to be connected. */
  readonly restart: () => void
}

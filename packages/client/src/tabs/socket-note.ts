/** What the leader and its followers tell each other: the leader's socket, as the other tabs see it. */
import type { Ready } from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'

/**
 * Part of the lock's name as well. The number grows with every change of these notes: tabs that run two versions of the
 * code then share nothing, and each version has a leader of its own.
 */
export const SOCKET_TOPIC = 'socket:1'

/** Tabs are named by random ids. */
export type SocketNote =
  /** Who leads? `shown`: as whom this tab would connect. */
  | { readonly type: 'hello'; readonly from: string; readonly shown: string }
  /** Is the leader alive? */
  | { readonly type: 'ping'; readonly from: string; readonly to: string }
  /** It is, connected or not. */
  | { readonly type: 'here'; readonly from: string; readonly to: string }
  /** The leader is connected. */
  | {
      readonly type: 'welcome'
      readonly from: string
      readonly to: string
      /** `null`: not as the other tab would be, which needs a socket of its own. */
      readonly ready: Ready | null
      /** The leader is signed in and the other tab is not yet: it hears nothing until it is. */
      readonly isStranger: boolean
    }
  | {
      readonly type: 'request'
      readonly from: string
      readonly to: string
      readonly id: number
      readonly name: string
      readonly payload: unknown
    }
  | {
      readonly type: 'answer'
      readonly from: string
      readonly to: string
      readonly id: number
      readonly reply: Reply<unknown>
    }
  /** What needs no answer. */
  | {
      readonly type: 'notify'
      readonly from: string
      readonly to: string
      readonly name: string
      readonly payload: unknown
    }
  /** To all: an event of the server. */
  | { readonly type: 'event'; readonly from: string; readonly name: string; readonly detail: unknown }
  /** To all: the leader has connected, anew or for the first time. */
  | { readonly type: 'up'; readonly from: string; readonly shown: string }
  /** To all: its connection is lost, and it leads no more. */
  | { readonly type: 'lost'; readonly from: string }

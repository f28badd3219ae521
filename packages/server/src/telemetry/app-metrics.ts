/** Counts what happens in each app, for `/metrics` ([OP12]). */
import type { AppId } from '@chat-widget/protocol'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { ConversationChange } from '../conversations/conversation-changes.ts'

export type AppMetrics = ReturnType<typeof createAppMetrics>

export function createAppMetrics() {
  const messages = new Counter({
    name: 'chat_messages_total',
    help: 'Messages that this server stored',
    labelNames: ['app', 'author'],
    registers: [],
  })
  const conversations = new Counter({
    name: 'chat_conversations_total',
    help: 'Conversations that this server began, closed or opened again',
    labelNames: ['app', 'change'],
    registers: [],
  })
  return {
    /** Called on the server that stored the change, so that servers of one database add up. */
    change(change: ConversationChange): void {
      if (change.kind !== 'message') return
      const { app } = change.conversation
      const { author, seq, kind } = change.message
      messages.inc({ app, author: author.kind })
      if (seq === 1) conversations.inc({ app, change: 'begun' })
      if (kind !== 'event') return
      const { type } = change.message.event
      if (type === 'closed') conversations.inc({ app, change: 'closed' })
      if (type === 'reopened') conversations.inc({ app, change: 'reopened' })
    },
    /** `visitors`: connected devices by app. */
    register(registry: Registry, visitors: () => ReadonlyMap<AppId, number>): void {
      registry.registerMetric(messages)
      registry.registerMetric(conversations)
      new Gauge({
        name: 'chat_visitor_sockets',
        help: 'Connected devices of visitors',
        labelNames: ['app'],
        registers: [registry],
        collect() {
          this.reset()
          for (const [app, count] of visitors()) this.set({ app }, count)
        },
      })
    },
  }
}

/** Puts together what the open conversation shows: stored messages by seq, runs where they began, then what waits. */
import type { AgentOutboxEntry } from './agent-outbox.ts'
import type { AgentActionRun, AgentTimelineItem, OpenConversation } from './agent-state.ts'
import type { ConversationFollower, FollowerState } from './conversation-follower.ts'

export function openConversation(
  follower: ConversationFollower,
  outgoing: readonly AgentOutboxEntry[],
  runs: readonly AgentActionRun[],
): OpenConversation {
  const { id, state } = follower
  if (state.status !== 'open') return { ...state, id }
  const { summary, hasOlder, typing } = state
  const pending = outgoing
    // The server's notice can overtake its ack.
    .filter(({ clientId }) => !follower.has(clientId))
    .map(({ conversationId: _, ...entry }): AgentTimelineItem => ({ kind: 'pending', ...entry }))
  return { status: 'open', id, summary, items: [...withRuns(state, runs), ...pending], hasOlder, typing }
}

function withRuns(
  { messages, summary }: Extract<FollowerState, { status: 'open' }>,
  runs: readonly AgentActionRun[],
): readonly AgentTimelineItem[] {
  // What began before the first message that is here comes with its page.
  const first = messages[0]?.seq ?? 1
  const waiting = runs
    .filter(({ afterSeq }) => afterSeq >= first - 1)
    .sort((one, other) => one.afterSeq - other.afterSeq)
  const items: AgentTimelineItem[] = []
  for (const message of messages) {
    while (waiting[0] !== undefined && waiting[0].afterSeq < message.seq) {
      items.push({ kind: 'run', run: waiting[0] })
      waiting.shift()
    }
    const mine = message.author.kind === 'agent' || message.author.kind === 'bot'
    const delivery = mine ? (message.seq <= summary.visitorReadSeq ? 'read' : 'sent') : null
    items.push({ kind: 'stored', message, delivery })
  }
  return [...items, ...waiting.map((run): AgentTimelineItem => ({ kind: 'run', run }))]
}

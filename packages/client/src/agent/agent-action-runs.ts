/**
 * Actions that the agent asked for, and their outcomes: in memory, sent by the server, requested again after a
 * reconnect.
 */
import {
  ACTION_WAIT_MS,
  type ActionRunId,
  type AgentActionNotice,
  type ConversationId,
  type ErrorCode,
  FATAL_SEND_CODES,
  type RunActionRequest,
} from '@chat-widget/protocol'
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import { randomId } from '../util/random-id.ts'
import type { AgentActionRun } from './agent-state.ts'

export interface AgentActionRunsOptions {
  readonly ask: (request: RunActionRequest) => Promise<Reply<null>>
  /** The last message of a conversation, after which a run begins. */
  readonly headOf: (id: ConversationId) => number
  readonly changed: () => void
}

interface Entry {
  readonly conversationId: ConversationId
  readonly run: AgentActionRun
  /** Parameters of a run that this window asked for. */
  readonly params: RunActionRequest['params']
  /** Timer of the wait for an outcome. */
  readonly deadline?: ReturnType<typeof setTimeout>
}

/** Most runs kept, as answers can be long; the oldest are dropped. */
const MAX_RUNS = 100

export class AgentActionRuns {
  readonly #options: AgentActionRunsOptions
  /** Oldest first. */
  readonly #entries = new Map<ActionRunId, Entry>()

  constructor(options: AgentActionRunsOptions) {
    this.#options = options
  }

  of(conversationId: ConversationId): readonly AgentActionRun[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.conversationId === conversationId)
      .map(({ run }) => run)
  }

  add(
    conversationId: ConversationId,
    { name, params }: Pick<RunActionRequest, 'name' | 'params'>,
  ): ActionRunId {
    const runId = randomId<ActionRunId>()
    const afterSeq = this.#options.headOf(conversationId)
    const run = { runId, name, startedAt: now(), afterSeq, state: { status: 'running' } } as const
    const deadline = setTimeout(() => this.#giveUp(runId), ACTION_WAIT_MS)
    this.#set(runId, { conversationId, run, params, deadline })
    void this.#ask(runId, true)
    return runId
  }

  /** Takes an outcome from the server, also for runs of another agent or another window. */
  take({ conversationId, runId, name, outcome }: AgentActionNotice): void {
    const headSeq = this.#options.headOf(conversationId)
    const known = this.#entries.get(runId)
    clearTimeout(known?.deadline)
    const before = known?.run ?? { runId, name, startedAt: now(), afterSeq: headSeq }
    // The answer after a sign-in is new, and moves to the end.
    const moved = known !== undefined && isLoginNeeded(known.run) && outcome.kind !== 'login-needed'
    const afterSeq = moved ? headSeq : before.afterSeq
    if (moved) this.#entries.delete(runId)
    this.#set(runId, {
      conversationId,
      run: { ...before, afterSeq, state: { status: 'concluded', outcome } },
      params: known?.params ?? {},
    })
  }

  /** Removes a run from the conversation, unless it is under way. */
  dismiss(runId: ActionRunId): void {
    if (this.#entries.get(runId)?.run.state.status !== 'running' && this.#entries.delete(runId)) {
      this.#options.changed()
    }
  }

  /** An outcome may have been missed while disconnected: sending the same run id again returns it, and runs nothing. */
  reconnected(): void {
    for (const { run } of this.#entries.values()) {
      if (run.state.status === 'running') void this.#ask(run.runId, false)
    }
  }

  clear(): void {
    for (const { deadline } of this.#entries.values()) clearTimeout(deadline)
    this.#entries.clear()
  }

  async #ask(runId: ActionRunId, first: boolean): Promise<void> {
    const entry = this.#entries.get(runId)
    if (entry === undefined) return
    const { conversationId, run, params } = entry
    const reply = await this.#options.ask({ conversationId, runId, name: run.name, params })
    const state = this.#entries.get(runId)?.run.state
    if (reply.ok || state?.status !== 'running' || !isRefusal(reply.error, first)) return
    this.#conclude(runId, { status: 'refused', code: reply.error.code })
  }

  #giveUp(runId: ActionRunId): void {
    this.#conclude(runId, { status: 'concluded', outcome: { kind: 'no-answer' } })
  }

  #conclude(runId: ActionRunId, state: AgentActionRun['state']): void {
    const entry = this.#entries.get(runId)
    if (entry === undefined) return
    const { deadline, ...rest } = entry
    clearTimeout(deadline)
    this.#set(runId, { ...rest, run: { ...entry.run, state } })
  }

  #set(runId: ActionRunId, entry: Entry): void {
    this.#entries.set(runId, entry)
    for (const { run } of this.#entries.values()) {
      if (this.#entries.size <= MAX_RUNS) break
      if (run.state.status !== 'running') this.#entries.delete(run.runId)
    }
    this.#options.changed()
  }
}

/** True for a refusal. A lost answer is none; nor is a temporary error for a repeated request: the first was accepted. */
function isRefusal({ code }: ReplyError, first: boolean): boolean {
  return first ? code !== ('server-unreachable' satisfies ErrorCode) : FATAL_SEND_CODES.has(code)
}

function isLoginNeeded({ state }: AgentActionRun): boolean {
  return state.status === 'concluded' && state.outcome.kind === 'login-needed'
}

function now(): string {
  return new Date().toISOString()
}

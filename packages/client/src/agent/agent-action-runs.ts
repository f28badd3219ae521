/** Actions the agent asked for and what came of them: in memory, told by the server, asked again after a reconnect. */
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
  /** The last message of a conversation: there a run begins. */
  readonly headOf: (id: ConversationId) => number
  readonly changed: () => void
}

interface Entry {
  readonly conversationId: ConversationId
  readonly run: AgentActionRun
  /** Of a run that was asked for here. */
  readonly params: RunActionRequest['params']
  /** Until then an outcome is waited for. */
  readonly deadline?: ReturnType<typeof setTimeout>
}

/** Answers can be long; the oldest ones give way. */
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

  /** From the server, also of runs that another agent or another window asked for. */
  take({ conversationId, runId, name, outcome }: AgentActionNotice): void {
    const headSeq = this.#options.headOf(conversationId)
    const known = this.#entries.get(runId)
    clearTimeout(known?.deadline)
    const before = known?.run ?? { runId, name, startedAt: now(), afterSeq: headSeq }
    // The answer after a sign-in is news, and stands where news stands.
    const moved = known !== undefined && isLoginNeeded(known.run) && outcome.kind !== 'login-needed'
    const afterSeq = moved ? headSeq : before.afterSeq
    if (moved) this.#entries.delete(runId)
    this.#set(runId, {
      conversationId,
      run: { ...before, afterSeq, state: { status: 'concluded', outcome } },
      params: known?.params ?? {},
    })
  }

  /** Takes a run out of the conversation; one that is under way stays. */
  dismiss(runId: ActionRunId): void {
    if (this.#entries.get(runId)?.run.state.status !== 'running' && this.#entries.delete(runId)) {
      this.#options.changed()
    }
  }

  /** An outcome may have been told while nobody heard it: the same run id again tells it and runs nothing. */
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

/** An answer that was lost says nothing. A repeated request that is put off says nothing of the one that was taken. */
function isRefusal({ code }: ReplyError, first: boolean): boolean {
  return first ? code !== ('server-unreachable' satisfies ErrorCode) : FATAL_SEND_CODES.has(code)
}

function isLoginNeeded({ state }: AgentActionRun): boolean {
  return state.status === 'concluded' && state.outcome.kind === 'login-needed'
}

function now(): string {
  return new Date().toISOString()
}

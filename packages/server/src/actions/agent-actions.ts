/** Runs the actions that agents ask for, each once, as jobs, and tells their outcomes ([ID16]). */
import {
  ACTION_WAIT_MS,
  type ActionRunId,
  type AgentActionNotice,
  type AgentActionOutcome,
  type AgentId,
  type AppId,
  ChatError,
  type ConversationId,
  LIMITS,
} from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { AppConfig } from '../config/config.ts'
import type { InternalConversationService } from '../conversations/create-conversation-service.ts'
import type { JobQueue, RunningJob } from '../jobs/job-queue.ts'
import { untilStored } from '../jobs/until-stored.ts'
import { derivedClientId } from '../storage/derived-client-id.ts'
import type { ActionParams, ActionRun, Storage } from '../storage/storage.ts'
import { ACTION_LOGIN } from './action-login.ts'
import { type ActionRunner, findAction } from './action-runner.ts'
import { createRecentOutcomes } from './recent-outcomes.ts'

export interface AgentActionsOptions {
  readonly storage: Pick<Storage, 'actionRuns'>
  readonly jobs: Pick<JobQueue, 'handle' | 'wake'>
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly conversations: InternalConversationService
  readonly actions: ActionRunner
  readonly tell: (agentId: AgentId, app: AppId, notice: AgentActionNotice) => void
  /** Pause before work is tried again when the server itself failed. Milliseconds. */
  readonly restMs: number
  readonly logger: Logger
  readonly now: () => number
}

/** Runs of a node under way, most of which wait for a context or for their app's turn. */
const RUNS_AT_ONCE = 1_000
/** Bytes of an outcome's envelope. */
const FRAMING_BYTES = 1_024

export type AgentActions = ReturnType<typeof createAgentActions>

export function createAgentActions(options: AgentActionsOptions) {
  const { storage, jobs, apps, conversations, actions, tell, restMs, logger, now } = options
  const outcomes = createRecentOutcomes()
  jobs.handle('action-run', {
    ...{ atOnce: RUNS_AT_ONCE, tries: Number.POSITIVE_INFINITY },
    backoff: { baseMs: restMs, capMs: 10 * restMs },
    async run(job) {
      // Read anew: an earlier job may have finished the run while this one waited in its lane.
      const run = await storage.actionRuns.find(job.payload.runId)
      if (run?.state === 'running') await conclude(run, await outcomeOf(run, job), job)
      return []
    },
  })

  async function outcomeOf(
    run: ActionRun,
    { signal }: RunningJob<'action-run'>,
  ): Promise<AgentActionOutcome> {
    // The console gave it up, and the agent may have asked anew. A run that a sign-in released is wanted, however late.
    if (run.signIns === 0 && now() - run.createdAt > ACTION_WAIT_MS) return { kind: 'no-answer' }
    const conversation = await conversations.find(run.conversationId)
    const { name, params, id: key } = run
    const outcome = await actions.run({ conversation, name, params, key, signal })
    switch (outcome.kind) {
      case 'result':
      case 'failed':
        return fitting(outcome)
      case 'login-needed':
        // Asking for another sign-in would loop.
        if (run.signIns > 0 && outcome.cause === 'refused') return REFUSED
        await postLoginCard(run)
        return { kind: 'login-needed' }
      case 'aborted':
        // The job is given back.
        throw new Error('stopped')
      default:
        return outcome satisfies never
    }
  }

  function postLoginCard({ id, conversationId, agent, signIns }: ActionRun): Promise<void> {
    return conversations.postAsAgent({
      agent,
      conversationId,
      clientId: derivedClientId('action-run', id, signIns),
      body: { login: ACTION_LOGIN },
      blocked: { kind: 'action-run', runId: id },
    })
  }

  async function conclude(
    run: ActionRun,
    outcome: AgentActionOutcome,
    { signal }: RunningJob<'action-run'>,
  ): Promise<void> {
    const { id: runId, conversationId, name } = run
    const status = 'status' in outcome ? outcome.status : null
    // Kept before the database says that there is one.
    outcomes.keep(runId, outcome)
    await untilStored(() => storage.actionRuns.conclude(run, { kind: outcome.kind, status }, now()), {
      ...{ restMs, signal },
      onFailure(error) {
        // A login card is recognised when it is posted once more, and a sign-in may come before the next try. Any other
        // outcome has to be stored: running the action again would do it twice.
        if (outcome.kind === 'login-needed') throw error
        logger.error({ err: error, run: runId }, 'the outcome of an action could not be stored')
      },
    })
    const { app } = await conversations.find(conversationId)
    tell(run.agent.id, app, { conversationId, runId, name, outcome })
  }

  /** The console asks again after a reconnect: it may have missed the answer. */
  function resendOutcome(app: AppId, { id: runId, conversationId, name, state, agent }: ActionRun): void {
    if (state === 'running') return
    const outcome = outcomes.of(runId) ?? { kind: state === 'blocked' ? 'login-needed' : 'no-answer' }
    tell(agent.id, app, { conversationId, runId, name, outcome })
  }

  return {
    /** Resolves when the run is stored. Rejects with `not-found`, or with `bad-request` for another run's id. */
    async run({
      agentId,
      conversationId,
      runId,
      name,
      params,
    }: {
      readonly agentId: AgentId
      readonly conversationId: ConversationId
      readonly runId: ActionRunId
      readonly name: string
      readonly params: ActionParams
    }): Promise<void> {
      const { app, owner } = await conversations.find(conversationId)
      if (owner.kind === 'nobody') throw new ChatError('bad-request', 'The customer was erased.')
      if (findAction(apps.get(app), name) === undefined) {
        throw new ChatError('not-found', 'There is no such action.')
      }
      const request = { id: runId, conversationId, agentId, name, params, at: now() }
      const { created, run } = await storage.actionRuns.begin(request)
      if (created) return jobs.wake('action-run')
      if (run.conversationId !== conversationId || run.agent.id !== agentId || run.name !== name) {
        throw new ChatError('bad-request', '"runId": was used for another run.')
      }
      resendOutcome(app, run)
    },
  }
}

const REFUSED: AgentActionOutcome = { kind: 'result', ok: false, status: 401, body: null }

/** Cuts an outcome to the protocol's maximum size, which holds towards the console as well. */
function fitting(outcome: Extract<AgentActionOutcome, { kind: 'result' | 'failed' }>): AgentActionOutcome {
  const fits = Buffer.byteLength(JSON.stringify(outcome)) <= LIMITS.payloadBytes - FRAMING_BYTES
  return fits ? outcome : { kind: 'failed', reason: 'too-large', status: outcome.status }
}

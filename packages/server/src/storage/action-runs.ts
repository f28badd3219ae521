/** Actions that agents asked for: each runs once, despite repeated requests and crashes. */
import type { ActionRunId } from '@chat-widget/protocol'
import type { Kysely, Transaction } from 'kysely'
import { addAudit } from './audit.ts'
import type { SqlDatabase } from './database.ts'
import type { NewJob } from './job-storage.ts'
import { addJobs } from './jobs.ts'
import type { ActionRunsTable, Tables } from './schema.ts'
import type { ActionParams, ActionRun, RunConclusion, Storage } from './storage.ts'

export function createActionRuns(database: SqlDatabase): Storage['actionRuns'] {
  return {
    begin: ({ id, conversationId, agentId, name, params, at }) =>
      database.write(async (db) => {
        const made = await db
          .insertInto('action_runs')
          .values({
            id,
            conversation_id: conversationId,
            agent_id: agentId,
            name,
            params: JSON.stringify(params),
            state: 'running',
            sign_ins: 0,
            created_at: at,
          })
          // Without the key's columns, which may be more than the id ([OP15]).
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst()
        const row = await selectRuns(db).where('action_runs.id', '=', id).executeTakeFirstOrThrow()
        if (made !== undefined) await addJobs(db, [runJob(row, at)])
        return { created: made !== undefined, run: toRun(row) }
      }),
    find: (id) =>
      database.read(async (db) => {
        const row = await selectRuns(db).where('action_runs.id', '=', id).executeTakeFirst()
        return row === undefined ? null : toRun(row)
      }),
    conclude: (run, outcome, at) =>
      database.write(async (db) => {
        if (await change(db, run, outcome)) await audit(db, run, outcome, at)
      }),
  }
}

/** Resumes runs, in the transaction that takes the login cards they waited for. */
export async function resumeRuns(
  db: Transaction<Tables>,
  ids: readonly ActionRunId[],
  at: number,
): Promise<void> {
  if (ids.length === 0) return
  const rows = await db
    .updateTable('action_runs')
    .set((row) => ({ state: 'running', sign_ins: row('sign_ins', '+', 1) }))
    .where('id', 'in', ids)
    .where('state', '<>', 'settled')
    .returningAll()
    .execute()
  await addJobs(
    db,
    rows.map((row) => runJob(row, at)),
  )
}

/** The same action of one conversation runs once at a time. */
function runJob(
  { id, conversation_id, name, sign_ins }: ActionRunsTable,
  createdAt: number,
): NewJob<'action-run'> {
  const [lane, key] = [`action ${conversation_id} ${name}`, `${id}.${sign_ins}`]
  return { kind: 'action-run', lane, key, payload: { runId: id }, dueAt: createdAt, createdAt }
}

async function change(db: Transaction<Tables>, run: ActionRun, { kind }: RunConclusion): Promise<boolean> {
  const update = db
    .updateTable('action_runs')
    .where('id', '=', run.id)
    .where('state', '=', 'running')
    .returning('id')
  const changed =
    kind === 'login-needed'
      ? update.set({ state: 'blocked' }).where('sign_ins', '=', run.signIns)
      : update.set({ state: 'settled', params: null })
  return (await changed.executeTakeFirst()) !== undefined
}

async function audit(
  db: Transaction<Tables>,
  run: ActionRun,
  { kind, status }: RunConclusion,
  at: number,
): Promise<void> {
  const { app } = await db
    .selectFrom('conversations')
    .select('app')
    .where('id', '=', run.conversationId)
    .executeTakeFirstOrThrow()
  await addAudit(db, {
    ...{ kind: 'action', by: { kind: 'agent', id: run.agent.id }, about: null, app, at },
    details: {
      agent: run.agent.id,
      conversation: run.conversationId,
      run: run.id,
      action: run.name,
      outcome: kind,
      status,
    },
  })
}

function selectRuns(db: Kysely<Tables>) {
  return db
    .selectFrom('action_runs')
    .innerJoin('agents', 'agents.id', 'action_runs.agent_id')
    .selectAll('action_runs')
    .select('agents.name as agent_name')
}

function toRun(row: ActionRunsTable & { readonly agent_name: string }): ActionRun {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    agent: { id: row.agent_id, name: row.agent_name },
    name: row.name,
    params: row.params === null ? {} : (JSON.parse(row.params) as ActionParams),
    state: row.state,
    signIns: row.sign_ins,
    createdAt: row.created_at,
  }
}

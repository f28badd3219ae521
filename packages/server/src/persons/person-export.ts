/** [PD4] All that is kept of a customer, as one JSON document that is written piece by piece. */
import type { AppId, Message } from '@chat-widget/protocol'
import { z } from 'zod'
import type { PersonName, PersonRows } from '../storage/person-storage.ts'
import type { Storage } from '../storage/storage.ts'

const time = z.iso.datetime()
const json = z.unknown().describe('as it is stored')

/** Of `docs/public/person-export.schema.json`. */
export const personExport = z.strictObject({
  version: z.literal(1),
  exportedAt: time,
  app: z.string(),
  user: z.strictObject({
    userIdentifier: z.string(),
    method: z.enum(['host', 'email', 'identifier']),
    createdAt: time,
    claims: z.array(json),
  }),
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      createdAt: time,
      seenAt: time.nullable(),
      endedAt: time.nullable(),
      contextExpiresAt: time.nullable(),
      identityTrace: z.array(json).describe('of before a first message'),
    }),
  ),
  authenticationRequests: z.array(
    z.strictObject({
      id: z.string(),
      addressee: z.string(),
      status: z.string(),
      claims: json,
      subject: z.string().nullable(),
      response: z.string().nullable(),
      createdAt: time,
      endedAt: time.nullable(),
    }),
  ),
  audit: z.array(z.strictObject({ at: time, kind: z.string(), details: json })),
  files: z.array(
    z.strictObject({
      id: z.string(),
      conversationId: z.string().nullable(),
      name: z.string(),
      mediaType: z.string().nullable(),
      size: z.int(),
      createdAt: time,
      path: z.string().describe('address below the server, or name in the folder of the export'),
    }),
  ),
  conversations: z.array(
    z.strictObject({
      id: z.string(),
      status: z.enum(['open', 'closed']),
      handler: z.enum(['bot', 'agents']),
      language: z.string().nullable(),
      createdAt: time,
      updatedAt: time,
      identityTrace: z.array(json),
      loginCards: z.array(json),
      actionRuns: z.array(json),
      pendingJobs: z.array(json),
      messages: z.array(z.looseObject({ seq: z.int(), kind: z.string(), text: z.string(), createdAt: time })),
    }),
  ),
})

type PersonExport = z.input<typeof personExport>

export interface ExportOptions {
  readonly storage: Pick<Storage, 'persons' | 'messages'>
  readonly person: PersonName
  readonly rows: PersonRows
  readonly at: number
  readonly pathOf: (file: PersonRows['files'][number]) => string
}

const PAGE = 200

const timeOf = (ms: number) => new Date(ms).toISOString()
const timeOrNull = (ms: number | null) => (ms === null ? null : timeOf(ms))

export async function* writePersonExport(options: ExportOptions): AsyncGenerator<string> {
  const { storage, rows } = options
  yield `${JSON.stringify(await headOf(options)).slice(0, -1)},"conversations":[`
  for (const [index, row] of rows.conversations.entries()) {
    const { traces, loginCards, actionRuns, jobs } = await storage.persons.readConversation(row.id)
    const head: Omit<PersonExport['conversations'][number], 'messages'> = {
      ...{ id: row.id, status: row.status, handler: row.handler, language: row.language },
      ...{ createdAt: timeOf(row.created_at), updatedAt: timeOf(row.updated_at) },
      identityTrace: [...traces],
      loginCards: loginCards.map(({ blocked, ...card }) => ({ ...card, blocked: JSON.parse(blocked) })),
      actionRuns: actionRuns.map(({ params, ...run }) => ({
        ...run,
        params: params === null ? null : JSON.parse(params),
      })),
      pendingJobs: jobs.map(({ kind, payload, created_at }) => ({
        ...{ kind, createdAt: timeOf(created_at), payload: JSON.parse(payload) },
      })),
    }
    yield `${index === 0 ? '' : ','}\n${JSON.stringify(head).slice(0, -1)},"messages":[`
    let after = 0
    for (;;) {
      const page = await storage.messages.list({ conversationId: row.id, after, limit: PAGE })
      for (const message of page)
        yield `${message.seq === page[0]?.seq && after === 0 ? '' : ','}\n${textOf(message)}`
      after = page.at(-1)?.seq ?? after
      if (page.length < PAGE) break
    }
    yield ']}'
  }
  yield '\n]}\n'
}

/** Without agents' ids, which mean something in the console only. */
const textOf = ({ author: { id: _, ...author }, ...message }: Message) =>
  JSON.stringify({ ...message, author })

async function headOf(options: ExportOptions): Promise<Omit<PersonExport, 'conversations'>> {
  const { person, rows, at, pathOf } = options
  const { app, userIdentifier, method } = person
  return {
    ...{ version: 1, exportedAt: timeOf(at), app },
    user: {
      userIdentifier,
      method,
      createdAt: timeOf(rows.user.created_at),
      claims: JSON.parse(rows.user.claims),
    },
    sessions: (await sessionsOf(options)).map(({ row, identityTrace }) => ({
      identityTrace,
      ...{ id: row.id, createdAt: timeOf(row.created_at), seenAt: timeOrNull(row.seen_at) },
      ...{ endedAt: timeOrNull(row.revoked_at), contextExpiresAt: timeOrNull(row.context_expires_at) },
    })),
    authenticationRequests: rows.requests.map((row) => ({
      ...{
        id: row.id,
        addressee: row.address ?? row.addressee,
        status: row.status,
        claims: JSON.parse(row.claims),
      },
      ...{ subject: row.subject, response: row.response },
      ...{ createdAt: timeOf(row.created_at), endedAt: timeOrNull(row.ended_at) },
    })),
    audit: rows.audit.map((row) => ({
      at: timeOf(row.at),
      kind: row.kind,
      details: JSON.parse(row.details),
    })),
    files: rows.files.map((row) => ({
      ...{ id: row.id, conversationId: row.conversation_id, name: row.name, mediaType: row.media_type },
      ...{ size: Number(row.size), createdAt: timeOf(row.created_at), path: pathOf(row) },
    })),
  }
}

async function sessionsOf({ storage, rows }: ExportOptions) {
  const begun = new Set(rows.conversations.map(({ id }) => id))
  const sessions = []
  for (const row of rows.sessions) {
    const isBegun = begun.has(row.conversation_id)
    const identityTrace = isBegun ? [] : (await storage.persons.readConversation(row.conversation_id)).traces
    sessions.push({ row, identityTrace: [...identityTrace] })
  }
  return sessions
}

export const filePathOf = (app: AppId, { id }: PersonRows['files'][number]) => `/v1/apps/${app}/files/${id}`

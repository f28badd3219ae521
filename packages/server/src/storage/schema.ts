/** The tables as Kysely sees them: ids and JSON are text, times are integer milliseconds, in both databases. */
import type {
  ActionRunId,
  AgentId,
  AgentRole,
  AppId,
  ClientMessageId,
  ConversationId,
  ErrorCode,
  FileId,
  IdentityStatus,
  Kind,
  MessageAuthor,
  MessageId,
  SessionId,
  TemplateId,
  UserId,
  VisitorId,
} from '@chat-widget/protocol'
import type { Language } from '../text/language.ts'
import type { ActionRun } from './action-run.ts'
import type { SignInMethod } from './agent-storage.ts'
import type { AuditActor, AuditKind } from './audit-storage.ts'
import type {
  AuthenticationAddresseesTable,
  AuthenticationMutesTable,
  AuthenticationPlacesTable,
  AuthenticationRequestLinksTable,
  AuthenticationRequestsTable,
  AuthenticatorCodesTable,
  AuthenticatorConnectionsTable,
  AuthenticatorDevicesTable,
  AuthenticatorPeopleTable,
} from './authentication-schema.ts'
import type { FileRecord, Uploader } from './file-storage.ts'
import type { JobKind } from './job-storage.ts'
import type { ConversationOwner } from './owner.ts'

export interface UsersTable {
  id: UserId
  app: AppId
  user_identifier: string
  created_at: number
  /** JSON of `VisitorClaim[]`. */
  claims: string
}

export interface SessionsTable {
  id: SessionId
  app: AppId
  visitor_id: VisitorId
  /** `null` for an anonymous session. */
  user_id: UserId | null
  secret_hash: string
  context_expires_at: number | null
  conversation_id: ConversationId
  /**
   * 1 if the visitor asked for that conversation, which is current even without a message; 2 if another one began
   * meanwhile.
   */
  conversation_chosen: 0 | 1 | 2
  created_at: number
  revoked_at: number | null
  /** For an anonymous session: the user who took over its visitor's conversations. */
  merged_into: UserId | null
  /** Time at which a device last connected, to the day. */
  seen_at: number | null
}

export interface ConversationsTable {
  id: ConversationId
  app: AppId
  owner_kind: ConversationOwner['kind']
  owner_id: ConversationOwner['id']
  user_identifier: string | null
  status: 'open' | 'closed'
  handler: 'bot' | 'agents'
  head_seq: number
  visitor_read_seq: number
  agent_read_seq: number
  visitor_delivered_seq: number
  agent_delivered_seq: number
  /** Of the device that wrote last. */
  language: Language | null
  /** The last seq that the visitor was mailed about. */
  mailed_seq: number
  created_at: number
  updated_at: number
}

export interface MessagesTable {
  id: MessageId
  conversation_id: ConversationId
  seq: number
  client_id: ClientMessageId
  author_kind: MessageAuthor['kind']
  author_id: AgentId | null
  author_name: string | null
  author_avatar: string | null
  kind: Kind
  text: string
  /** JSON of the kind's details beyond the text; `null` for plain text. */
  details: string | null
  /** The seq of the message that this one answers, edits or deletes. */
  about: number | null
  /** `erased`: deleted with the data of the conversation's customer. */
  changed: 'edited' | 'deleted' | 'erased' | null
  created_at: number
}

export interface LoginCardsTable {
  message_id: MessageId
  conversation_id: ConversationId
  seq: number
  /** JSON of `BlockedWork`. */
  blocked: string
  taken_at: number | null
}

export interface AgentsTable {
  id: AgentId
  name: string
  email: string
  /** The email without case; unique. The id's, once the agent is removed. */
  email_key: string
  password_hash: string
  /** End of a temporary password. */
  password_expires_at: number | null
  created_at: number
  role: AgentRole
  /** JSON: ids of apps; `null` for all. */
  apps: string | null
  /** The person at the single sign-on, once they have come in by it. */
  issuer: string | null
  issuer_subject: string | null
  /** URL of a picture. */
  avatar: string | null
  /** A removed agent keeps id and name, which messages and actions refer to. */
  removed_at: number | null
}

interface AgentSessionsTable {
  /** For lists: neither secret nor its hash. */
  id: string
  secret_hash: string
  seen_at: number
  device: string
  method: SignInMethod
  agent_id: AgentId
  created_at: number
  expires_at: number
}

export interface ActionRunsTable {
  id: ActionRunId
  conversation_id: ConversationId
  agent_id: AgentId
  name: string
  /** JSON of its parameters; `null` once it is settled. */
  params: string | null
  state: ActionRun['state']
  sign_ins: number
  created_at: number
}

export interface AuditTable {
  id: string
  at: number
  app: AppId
  kind: AuditKind
  /** JSON; ids only, no secret. */
  details: string
  actor_kind: AuditActor['kind']
  actor_id: AgentId | null
  /** Id of the agent or the user whom it is about. */
  subject: string | null
}

export interface IdentityTraceTable {
  conversation_id: ConversationId
  /** Unique within a conversation: an entry that is reported twice is stored once. */
  entry_key: string
  source: 'device' | 'server'
  tab: string
  /** Orders the entries of one tab. */
  ordinal: number
  at: number
  /** By the device's own clock; `null` for the server's entries. */
  device_at: number | null
  from_status: IdentityStatus
  to_status: IdentityStatus
  cause: string
  code: ErrorCode | null
}

interface ServerKeysTable {
  name: string
  value: string
  created_at: number
}

export interface FilesTable {
  id: FileId
  app: AppId
  uploader_kind: Uploader['kind']
  /** Empty for an app's. */
  uploader_id: string
  /** Where it may be sent, or was. */
  conversation_id: ConversationId | null
  /** The message that it was sent in. */
  message_id: MessageId | null
  state: FileRecord['state']
  name: string
  media_type: string | null
  size: number
  width: number | null
  height: number | null
  ticket_hash: string | null
  ticket_expires_at: number | null
  /** 1 while the bytes as they were uploaded may be there. */
  is_staged: 0 | 1
  created_at: number
}

/** Bytes of all files of an app, also of those that are only announced. */
interface FileTotalsTable {
  app: AppId
  bytes: number
}

interface TemplatesTable {
  app: AppId
  id: TemplateId
  name: string
  /** JSON. */
  body: string
  /** Of the body. */
  bytes: number
  updated_at: number
}

interface NodesTable {
  id: string
  seen_at: number
}

export interface JobsTable {
  id: string
  kind: JobKind
  lane: string
  key: string
  /** JSON. */
  payload: string
  /** Orders the jobs of a lane. */
  ordinal: number
  /** Time from which it may be leased; while it is leased, the end of the lease. */
  due_at: number
  attempts: number
  lease_owner: string | null
  /** Time at which it was given up. */
  failed_at: number | null
  created_at: number
  receiver: string | null
  /** Reason for which the last try failed: a status or a kind of failure. */
  problem: string | null
}

interface UnsubscribedMailsTable {
  /** A keyed hash of app and address. */
  recipient: string
  app: AppId
  created_at: number
}

interface WriteChecksTable {
  id: number
  times: number
}

export interface Tables {
  users: UsersTable
  sessions: SessionsTable
  conversations: ConversationsTable
  messages: MessagesTable
  login_cards: LoginCardsTable
  agents: AgentsTable
  agent_sessions: AgentSessionsTable
  action_runs: ActionRunsTable
  audit: AuditTable
  identity_trace: IdentityTraceTable
  authentication_requests: AuthenticationRequestsTable
  authentication_request_links: AuthenticationRequestLinksTable
  authentication_addressees: AuthenticationAddresseesTable
  authentication_mutes: AuthenticationMutesTable
  authentication_places: AuthenticationPlacesTable
  server_keys: ServerKeysTable
  authenticator_people: AuthenticatorPeopleTable
  authenticator_devices: AuthenticatorDevicesTable
  authenticator_codes: AuthenticatorCodesTable
  authenticator_connections: AuthenticatorConnectionsTable
  files: FilesTable
  file_totals: FileTotalsTable
  templates: TemplatesTable
  jobs: JobsTable
  nodes: NodesTable
  unsubscribed_mails: UnsubscribedMailsTable
  write_checks: WriteChecksTable
}

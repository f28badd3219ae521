/**
 * Each table's share in a customer's data, and its fate when they are erased ([PD1]). The compiler asks for each
 * table, a test for each one of the database.
 */
import type { Tables } from './schema.ts'

type Share =
  /** Deleted with the customer: rows of theirs, of their sessions or of their conversations. */
  | { readonly kind: 'erased' }
  /** Kept, for the reason given: it says nothing about a customer who is gone. */
  | { readonly kind: 'kept'; readonly because: string }

const ERASED: Share = { kind: 'erased' }
const kept = (because: string): Share => ({ kind: 'kept', because })

/** `rate_limits` is of the library that counts, and no query of ours reads it. */
export const PERSON_TABLES: Readonly<Record<keyof Tables | 'rate_limits', Share>> = {
  users: ERASED,
  sessions: ERASED,
  conversations: ERASED,
  messages: ERASED,
  login_cards: ERASED,
  action_runs: ERASED,
  identity_trace: ERASED,
  files: ERASED,
  jobs: ERASED,
  authentication_requests: ERASED,
  authentication_request_links: ERASED,
  authentication_addressees: ERASED,
  authenticator_connections: ERASED,
  authenticator_people: kept('people of the approvers’ app, who remove their devices there'),
  authenticator_devices: kept('devices of approvers, who remove them there'),
  authenticator_codes: kept('hashes of codes of approvers'),
  authentication_mutes: kept('who wants no requests of an app, until they take it back'),
  authentication_places: kept('a counter of an app'),
  unsubscribed_mails: kept('keyed hashes of addresses that must not be mailed'),
  audit: kept('ids, kinds and counts; deleted after a year'),
  agents: kept('accounts of the company'),
  agent_sessions: kept('of accounts of the company'),
  templates: kept('texts of the company'),
  file_totals: kept('a sum of bytes of an app'),
  server_keys: kept('keys of the server'),
  nodes: kept('servers'),
  rate_limits: kept('counters, which end by themselves'),
  write_checks: kept('a counter of the server'),
}

/** The error codes once more, for a type cannot be asked at run time. Keys, so that the compiler misses one not listed. */
import type { ClientErrorCode, ServerErrorCode } from '../errors.ts'

export const SERVER_CODES: Readonly<Record<ServerErrorCode, true>> = {
  'bad-request': true,
  'too-large': true,
  'unknown-app': true,
  'origin-refused': true,
  'protocol-version': true,
  'session-invalid': true,
  unauthenticated: true,
  'context-expired': true,
  'context-invalid': true,
  'context-mismatch': true,
  'verifier-unavailable': true,
  'not-found': true,
  'client-id-reused': true,
  conflict: true,
  'rate-limited': true,
  unavailable: true,
  internal: true,
}

export const CLIENT_CODES: Readonly<Record<ClientErrorCode, true>> = {
  'app-missing': true,
  'server-unreachable': true,
  'user-malformed': true,
  'provider-timeout': true,
  'provider-failed': true,
  'storage-unavailable': true,
  'storage-unreadable': true,
  'json-patched': true,
  'load-failed': true,
  'unknown-command': true,
  'strings-malformed': true,
  closed: true,
  'send-pending': true,
  'identity-changed': true,
}

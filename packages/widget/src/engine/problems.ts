/** Words each error twice: a plain sentence for the visitor, and what the site developer should change. */
import type { ErrorCode } from '@chat-widget/protocol'
import type { Strings } from './strings.ts'

export interface Problem {
  /** Which sentence the visitor reads; `null` where the panel shows the trouble elsewhere or it is not the visitor's. */
  readonly sentence:
    | 'problemSetup'
    | 'problemVersion'
    | 'problemIdentity'
    | 'problemBusy'
    | 'problemOther'
    | 'unreachable'
    | null
  readonly advice: string
  /** Nothing can be done before the page is changed or reloaded. */
  readonly fatal?: true
  /** What makes the sentence go away. */
  readonly until?: 'connected' | 'identity' | 'sent'
}

const PROVIDER =
  'requestContextProvider must answer, within 30 seconds, with the JSON object your server verifies.'

const PROBLEMS: Readonly<Record<ErrorCode, Problem>> = {
  'app-missing': {
    sentence: 'problemSetup',
    fatal: true,
    advice: 'Add the id of your app: <chat-widget app="…">, or data-app="…" on the script tag.',
  },
  'unknown-app': {
    sentence: 'problemSetup',
    fatal: true,
    advice: 'Check the app attribute against the ids in the server’s configuration.',
  },
  'origin-refused': {
    sentence: 'problemSetup',
    fatal: true,
    advice: 'Add this page’s origin to the app’s "origins" in the server’s configuration.',
  },
  'protocol-version': {
    sentence: 'problemVersion',
    fatal: true,
    advice: 'Load the widget’s script from the chat server itself, so that both are of one version.',
  },
  'bad-request': {
    sentence: 'problemOther',
    until: 'sent',
    advice: 'The server refused what was sent; the message names the field.',
  },
  'server-unreachable': {
    sentence: 'unreachable',
    until: 'connected',
    advice:
      'Check the server attribute, that the server runs, and that the page’s CSP allows it in connect-src.',
  },
  'user-malformed': {
    sentence: 'problemIdentity',
    until: 'identity',
    advice: 'Set user to { userIdentifier, requestContextProvider } or to null.',
  },
  'context-invalid': { sentence: 'problemIdentity', until: 'identity', advice: PROVIDER },
  'provider-failed': { sentence: 'problemIdentity', until: 'identity', advice: PROVIDER },
  'provider-timeout': { sentence: 'problemIdentity', until: 'identity', advice: PROVIDER },
  'context-mismatch': {
    sentence: 'problemIdentity',
    until: 'identity',
    advice: 'The context must be for the same person as user.userIdentifier.',
  },
  'context-expired': {
    sentence: null,
    advice: 'Return fresh credentials when requestContextProvider is called with true.',
  },
  'verifier-unavailable': {
    sentence: 'problemBusy',
    until: 'identity',
    advice: 'The server could not reach what verifies the context.',
  },
  'rate-limited': { sentence: 'problemBusy', until: 'sent', advice: 'Too much was sent in a short time.' },
  unavailable: {
    sentence: 'problemBusy',
    until: 'sent',
    advice: 'The server cannot store right now; see its log.',
  },
  internal: { sentence: 'problemOther', until: 'sent', advice: 'The server failed; see its log.' },
  'session-invalid': { sentence: null, advice: 'The session ended on the server; a new one is begun.' },
  unauthenticated: { sentence: null, advice: 'The server wanted an identity first.' },
  'storage-unavailable': {
    sentence: null,
    advice: 'The browser refuses to keep data for this site; unsent messages are held in memory.',
  },
  'load-failed': {
    sentence: 'problemOther',
    advice: 'Check that the assets folder is served beside the script and that the page’s CSP allows it.',
  },
  'unknown-command': { sentence: null, advice: 'See the list of commands in the documentation.' },
  'too-large': { sentence: null, advice: 'A message can have 8000 characters at most.' },
  'not-found': { sentence: null, advice: 'The conversation is gone, or belongs to somebody else.' },
  'client-id-reused': { sentence: null, advice: 'A message id was used twice for different texts.' },
  closed: { sentence: null, advice: 'The widget was closed meanwhile.' },
  'identity-changed': { sentence: null, advice: 'The user changed meanwhile.' },
}

const UNKNOWN: Problem = { sentence: 'problemOther', until: 'sent', advice: 'This code is not known here.' }

/** A newer server may send a code this version does not know. */
export const problemOf = (code: ErrorCode): Problem => PROBLEMS[code] ?? UNKNOWN

export function sentenceFor(code: ErrorCode, strings: Strings): string | null {
  const { sentence } = problemOf(code)
  return sentence === null ? null : strings[sentence]
}

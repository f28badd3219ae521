/** Advice for site developers, by error code. Loaded with the first error. */
import type { ErrorCode } from '@chat-widget/protocol'

const PROVIDER =
  'requestContextProvider must answer, within 30 seconds, with the JSON object your server verifies.'

export const ADVICE: Readonly<Record<ErrorCode, string>> = {
  'app-missing': 'Add the id of your app: <chat-widget app="…">, or data-app="…" on the script tag.',
  'unknown-app': 'Check the app attribute against the ids in the server’s configuration.',
  'origin-refused': 'Add this page’s origin to the app’s "origins" in the server’s configuration.',
  'protocol-version':
    'Load the widget’s script from the chat server itself, so that both are of one version.',
  'bad-request': 'The server refused what was sent; the message names the field.',
  'server-unreachable':
    'Check the server attribute, that the server runs, and that the page’s CSP allows it in connect-src.',
  'user-malformed': 'Set user to { userIdentifier, requestContextProvider } or to null.',
  'context-invalid': PROVIDER,
  'provider-failed': PROVIDER,
  'provider-timeout': PROVIDER,
  'context-mismatch': 'The context must be for the same person as user.userIdentifier.',
  'context-expired': 'Return fresh credentials when requestContextProvider is called with true.',
  'verifier-unavailable': 'The server could not reach what verifies the context; see its log.',
  'rate-limited': 'Too much was sent in a short time; it is tried again later.',
  unavailable: 'The server cannot store right now; see its log.',
  internal: 'The server failed; see its log.',
  'session-invalid': 'The session ended on the server; a new one is begun.',
  unauthenticated: 'The server wanted an identity first.',
  'storage-unavailable':
    'The browser refuses to keep data for this site; unsent messages are held in memory.',
  'storage-unreadable':
    'Another version of the widget, or a script of the page, stored what this version does not understand; it was dropped.',
  'json-patched':
    'Remove Array.prototype.toJSON (an old prototype.js sets it) before the chat connects: delete Array.prototype.toJSON.',
  'load-failed':
    'Check that the assets folder is served beside the script and that the page’s CSP allows it: script-src, and lit-html in trusted-types, if it has that.',
  'strings-malformed': 'Give texts as texts, and those that count or name something as functions.',
  'unknown-command': 'See the list of commands in the documentation.',
  'too-large':
    'A message can have 8000 characters at most, and a file the bytes that the app’s "files" name.',
  'not-found': 'The conversation is gone, or belongs to somebody else.',
  forbidden: 'The agent’s role does not allow it.',
  'file-refused':
    'Name the file’s type in the app’s "files" in the server’s configuration, if it should be taken.',
  'file-unreadable':
    'The file was moved, is a folder, or the browser did not keep it; it has to be chosen again.',
  'client-id-reused': 'A message id was used twice for different texts.',
  'already-answered': 'A quick reply, a card’s button or a form is answered once, on one device.',
  conflict: 'The id was used for something else.',
  closed: 'The widget was closed meanwhile.',
  'send-pending': 'The message goes out when the chat is there again: do not send it again.',
  'identity-changed': 'The user changed meanwhile.',
}

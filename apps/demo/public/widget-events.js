// @ts-check
/** Every event of the widget, with a few words for the log. */

/** @param {{ seq: number, author: { kind: string, name?: string }, kind: string, text: string }} message */
const describeMessage = ({ seq, author, kind, text }) =>
  `#${seq} ${author.name ?? author.kind}${kind === 'text' ? '' : ` (${kind})`}: ${text.length > 80 ? `${text.slice(0, 79)}…` : text}`

/** @type {Readonly<Record<string, (detail: any) => string>>} */
export const WIDGET_EVENTS = {
  'widget-ready': () => '',
  'widget-open': () => '',
  'widget-close': () => '',
  'login-button': ({ requestId, reason }) => `reason: ${reason}, request ${requestId.slice(0, 8)}`,
  'identity-change': ({ identity, receipt }) => {
    const merged = receipt?.mergedConversations.length
    return [
      identity.status,
      identity.userIdentifier,
      merged > 0 && `${merged} ${merged === 1 ? 'conversation' : 'conversations'} taken along`,
    ]
      .filter(Boolean)
      .join(' · ')
  },
  'connection-change': ({ status, reason }) => (reason ? `${status} (${reason})` : status),
  'message-sent': ({ message }) => describeMessage(message),
  'message-received': ({ message }) => describeMessage(message),
  'unread-change': ({ count }) => `${count} unread`,
  'widget-error': ({ code, message }) => `${code}: ${message}`,
}

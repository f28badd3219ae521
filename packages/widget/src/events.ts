/** The events of `<chat-widget>`, each a class of its own. All bubble and are composed. */
import type {
  AgentJoinedDetail,
  ConnectionChangeDetail,
  ConversationEndDetail,
  EmptyDetail,
  IdentityChangeDetail,
  LoginButtonDetail,
  MessageDetail,
  UnreadChangeDetail,
  WidgetErrorDetail,
} from './public-types.ts'

/** Crosses the shadow roots between its origin and the page. */
export class WidgetEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { detail, bubbles: true, composed: true, cancelable })
  }
}

/**
 * `login-button`: the visitor tapped a login button. Cancelable: `preventDefault()` keeps the chat's own login away.
 * `reason` is `message`, `expired` or `action`.
 */
export class LoginButtonEvent extends WidgetEvent<LoginButtonDetail> {
  constructor(detail: LoginButtonDetail) {
    super('login-button', detail, true)
  }
}

/** `identity-change`: the visitor's identity, or its verification, changed. `receipt` tells once what a sign-in merged. */
export class IdentityChangeEvent extends WidgetEvent<IdentityChangeDetail> {
  constructor(detail: IdentityChangeDetail) {
    super('identity-change', detail)
  }
}

/**
 * `connection-change`: `offline`, `connecting`, `connected`, `reconnecting` or `closed`; the last with a `reason` if an
 * error ended it.
 */
export class ConnectionChangeEvent extends WidgetEvent<ConnectionChangeDetail> {
  constructor(detail: ConnectionChangeDetail) {
    super('connection-change', detail)
  }
}

/** `message-sent`: the server stored a message of this visitor. */
export class MessageSentEvent extends WidgetEvent<MessageDetail> {
  constructor(detail: MessageDetail) {
    super('message-sent', detail)
  }
}

/** `message-received`: a message of the other side arrived. */
export class MessageReceivedEvent extends WidgetEvent<MessageDetail> {
  constructor(detail: MessageDetail) {
    super('message-received', detail)
  }
}

/** `conversation-end`: one of the visitor's conversations was closed. Told once, by each tab. */
export class ConversationEndEvent extends WidgetEvent<ConversationEndDetail> {
  constructor(detail: ConversationEndDetail) {
    super('conversation-end', detail)
  }
}

/** `unread-change`: `count` is the number of unread messages in all the visitor's conversations. */
export class UnreadChangeEvent extends WidgetEvent<UnreadChangeDetail> {
  constructor(detail: UnreadChangeDetail) {
    super('unread-change', detail)
  }
}

/** `agent-joined`: an agent takes part in a conversation. `agent` is `{ name, avatar? }`. */
export class AgentJoinedEvent extends WidgetEvent<AgentJoinedDetail> {
  constructor(detail: AgentJoinedDetail) {
    super('agent-joined', detail)
  }
}

/** `widget-ready`: the launcher is shown and every method may be called. Once per connection to a document. */
export class WidgetReadyEvent extends WidgetEvent<EmptyDetail> {
  constructor() {
    super('widget-ready', {})
  }
}

/** `widget-open`: the panel is on screen. */
export class WidgetOpenEvent extends WidgetEvent<EmptyDetail> {
  constructor() {
    super('widget-open', {})
  }
}

/** `widget-close`: the panel was closed. */
export class WidgetCloseEvent extends WidgetEvent<EmptyDetail> {
  constructor() {
    super('widget-close', {})
  }
}

/** `widget-error`: something is wrong; the browser's console says what to change. */
export class WidgetErrorEvent extends WidgetEvent<WidgetErrorDetail> {
  constructor(detail: WidgetErrorDetail) {
    super('widget-error', detail)
  }
}

export interface ChatWidgetEventMap {
  'login-button': LoginButtonEvent
  'identity-change': IdentityChangeEvent
  'connection-change': ConnectionChangeEvent
  'message-sent': MessageSentEvent
  'message-received': MessageReceivedEvent
  'conversation-end': ConversationEndEvent
  'unread-change': UnreadChangeEvent
  'agent-joined': AgentJoinedEvent
  'widget-ready': WidgetReadyEvent
  'widget-open': WidgetOpenEvent
  'widget-close': WidgetCloseEvent
  'widget-error': WidgetErrorEvent
}

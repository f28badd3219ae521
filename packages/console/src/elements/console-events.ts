/** Events between the console's elements. All bubble and cross shadow roots. */
import type { AgentMessageBody, AgentMessageDraft, ConversationFilter } from '@chat-widget/client/agent'
import type {
  ActionRunId,
  Choice,
  ClientMessageId,
  ConversationId,
  Message,
  MessageTemplate,
} from '@chat-widget/protocol'
import type { ChangeableMessage } from '../kinds/changeable.ts'

type PostedTextBody = Extract<MessageTemplate['body'], { readonly text: string }>

/** Files and quick replies that go with a reply's text. */
export interface Enclosed {
  /** Answers that it offers. */
  readonly replies: readonly Choice[]
  readonly files: readonly File[]
}

const OPTIONS = { bubbles: true, composed: true } as const

export class SignInEvent extends CustomEvent<{ readonly email: string; readonly password: string }> {
  constructor(email: string, password: string) {
    super('console-sign-in', { ...OPTIONS, detail: { email, password } })
  }
}

class SignOutEvent extends CustomEvent<null> {
  constructor() {
    super('console-sign-out', OPTIONS)
  }
}

export class ConversationSelectEvent extends CustomEvent<{ readonly id: ConversationId }> {
  constructor(id: ConversationId) {
    super('conversation-select', { ...OPTIONS, detail: { id } })
  }
}

/** Go back to the list, if list and conversation do not fit side by side. */
export class ConversationLeaveEvent extends CustomEvent<null> {
  constructor() {
    super('conversation-leave', OPTIONS)
  }
}

export class ConversationCloseEvent extends CustomEvent<null> {
  constructor() {
    super('conversation-close', OPTIONS)
  }
}

export class ConversationHandEvent extends CustomEvent<'bot' | 'agents'> {
  constructor(handler: 'bot' | 'agents') {
    super('conversation-hand', { ...OPTIONS, detail: handler })
  }
}

export class FilterChangeEvent extends CustomEvent<ConversationFilter> {
  constructor(filter: ConversationFilter) {
    super('filter-change', { ...OPTIONS, detail: filter })
  }
}

export class LoadMoreEvent extends CustomEvent<null> {
  constructor() {
    super('load-more', OPTIONS)
  }
}

export class LoadOlderEvent extends CustomEvent<null> {
  constructor() {
    super('load-older', OPTIONS)
  }
}

/** The newest message is visible, and the page is in front. */
export class MessagesSeenEvent extends CustomEvent<null> {
  constructor() {
    super('messages-seen', OPTIONS)
  }
}

export class MessageSendEvent extends CustomEvent<AgentMessageDraft> {
  constructor(message: AgentMessageDraft) {
    super('message-send', { ...OPTIONS, detail: message })
  }
}

export class MessageRetryEvent extends CustomEvent<{ readonly clientId: ClientMessageId }> {
  constructor(clientId: ClientMessageId) {
    super('message-retry', { ...OPTIONS, detail: { clientId } })
  }
}

export class MessageDiscardEvent extends CustomEvent<{ readonly clientId: ClientMessageId }> {
  constructor(clientId: ClientMessageId) {
    super('message-discard', { ...OPTIONS, detail: { clientId } })
  }
}

/** Ask for another content of a message. */
export class MessageEditEvent extends CustomEvent<ChangeableMessage> {
  constructor(message: ChangeableMessage) {
    super('message-edit', { ...OPTIONS, detail: message })
  }
}

/** Ask whether a message is to be deleted. */
export class MessageDeleteEvent extends CustomEvent<Message> {
  constructor(message: Message) {
    super('message-delete', { ...OPTIONS, detail: message })
  }
}

/** Replace a message's content. */
export class MessageReviseEvent extends CustomEvent<{
  readonly seq: number
  readonly body: AgentMessageBody
}> {
  constructor(seq: number, body: AgentMessageBody) {
    super('message-revise', { ...OPTIONS, detail: { seq, body } })
  }
}

/** Remove a message's content. */
export class MessageRemoveEvent extends CustomEvent<{ readonly seq: number }> {
  constructor(seq: number) {
    super('message-remove', { ...OPTIONS, detail: { seq } })
  }
}

/** An agent opened or closed the identity history of the open conversation. */
export class IdentityTraceShowEvent extends CustomEvent<{ readonly shown: boolean }> {
  constructor(shown: boolean) {
    super('identity-trace-show', { ...OPTIONS, detail: { shown } })
  }
}

/** Run an action for the visitor of the open conversation. */
export class ActionRunEvent extends CustomEvent<{
  readonly name: string
  readonly params: Readonly<Record<string, string>>
}> {
  constructor(name: string, params: Readonly<Record<string, string>>) {
    super('action-run', { ...OPTIONS, detail: { name, params } })
  }
}

export class RunDismissEvent extends CustomEvent<{ readonly runId: ActionRunId }> {
  constructor(runId: ActionRunId) {
    super('run-dismiss', { ...OPTIONS, detail: { runId } })
  }
}

/** Insert a text into the composer. */
export class ReplyInsertEvent extends CustomEvent<{ readonly text: string }> {
  constructor(text: string) {
    super('reply-insert', { ...OPTIONS, detail: { text } })
  }
}

/** Put a template's text and quick replies into the composer. */
export class TemplateUseEvent extends CustomEvent<PostedTextBody> {
  constructor(body: PostedTextBody) {
    super('template-use', { ...OPTIONS, detail: body })
  }
}

/** The composer's text, after each change. */
export class DraftChangeEvent extends CustomEvent<{ readonly text: string }> {
  constructor(text: string) {
    super('draft-change', { ...OPTIONS, detail: { text } })
  }
}

/** Files and quick replies of the composer, after each change. */
export class EnclosedChangeEvent extends CustomEvent<Enclosed> {
  constructor(enclosed: Enclosed) {
    super('enclosed-change', { ...OPTIONS, detail: enclosed })
  }
}

interface ConsoleEventMap {
  'console-sign-in': SignInEvent
  'console-sign-out': SignOutEvent
  'conversation-select': ConversationSelectEvent
  'conversation-leave': ConversationLeaveEvent
  'conversation-close': ConversationCloseEvent
  'conversation-hand': ConversationHandEvent
  'filter-change': FilterChangeEvent
  'load-more': LoadMoreEvent
  'load-older': LoadOlderEvent
  'messages-seen': MessagesSeenEvent
  'message-send': MessageSendEvent
  'message-retry': MessageRetryEvent
  'message-discard': MessageDiscardEvent
  'message-edit': MessageEditEvent
  'message-delete': MessageDeleteEvent
  'message-revise': MessageReviseEvent
  'message-remove': MessageRemoveEvent
  'identity-trace-show': IdentityTraceShowEvent
  'action-run': ActionRunEvent
  'run-dismiss': RunDismissEvent
  'reply-insert': ReplyInsertEvent
  'template-use': TemplateUseEvent
  'draft-change': DraftChangeEvent
  'enclosed-change': EnclosedChangeEvent
}

declare global {
  interface HTMLElementEventMap extends ConsoleEventMap {}
}

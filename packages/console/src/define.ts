/** Registers the console's elements, but for those that are loaded later. Import this module once. */
import { ActionCard } from './elements/action-card.ts'
import { ActionDialog } from './elements/action-dialog.ts'
import { ChatConsole } from './elements/chat-console.ts'
import { ChosenFiles } from './elements/chosen-files.ts'
import { ConnectionBanner } from './elements/connection-banner.ts'
import { ConversationListElement } from './elements/conversation-list.ts'
import { ConversationView } from './elements/conversation-view.ts'
import { DeleteDialog } from './elements/delete-dialog.ts'
import { IdentityBadge } from './elements/identity-badge.ts'
import { IdentityHistory } from './elements/identity-history.ts'
import { LanguageChoice } from './elements/language-choice.ts'
import { LoginCardDialog } from './elements/login-card-dialog.ts'
import { LoginProgress } from './elements/login-progress.ts'
import { MessageLog } from './elements/message-log.ts'
import { QuickReplyEditor } from './elements/quick-reply-editor.ts'
import { ReplyComposer } from './elements/reply-composer.ts'
import { SignInForm } from './elements/sign-in-form.ts'
import { TranscriptMenu } from './elements/transcript-menu.ts'
import { VisitorAvatar } from './elements/visitor-avatar.ts'
import { VisitorClaims } from './elements/visitor-claims.ts'

declare global {
  interface HTMLElementTagNameMap {
    'action-card': ActionCard
    'action-dialog': ActionDialog
    'chat-console': ChatConsole
    'chosen-files': ChosenFiles
    'connection-banner': ConnectionBanner
    'conversation-list': ConversationListElement
    'conversation-view': ConversationView
    'delete-dialog': DeleteDialog
    'identity-badge': IdentityBadge
    'identity-history': IdentityHistory
    'language-choice': LanguageChoice
    'login-card-dialog': LoginCardDialog
    'login-progress': LoginProgress
    'message-log': MessageLog
    'quick-reply-editor': QuickReplyEditor
    'reply-composer': ReplyComposer
    'sign-in-form': SignInForm
    'transcript-menu': TranscriptMenu
    'visitor-avatar': VisitorAvatar
    'visitor-claims': VisitorClaims
  }
}

customElements.define('identity-badge', IdentityBadge)
customElements.define('visitor-avatar', VisitorAvatar)
customElements.define('identity-history', IdentityHistory)
customElements.define('transcript-menu', TranscriptMenu)
customElements.define('language-choice', LanguageChoice)
customElements.define('visitor-claims', VisitorClaims)
customElements.define('connection-banner', ConnectionBanner)
customElements.define('sign-in-form', SignInForm)
customElements.define('action-card', ActionCard)
customElements.define('action-dialog', ActionDialog)
customElements.define('login-card-dialog', LoginCardDialog)
customElements.define('login-progress', LoginProgress)
customElements.define('quick-reply-editor', QuickReplyEditor)
customElements.define('chosen-files', ChosenFiles)
customElements.define('delete-dialog', DeleteDialog)
customElements.define('reply-composer', ReplyComposer)
customElements.define('message-log', MessageLog)
customElements.define('conversation-list', ConversationListElement)
customElements.define('conversation-view', ConversationView)
customElements.define('chat-console', ChatConsole)

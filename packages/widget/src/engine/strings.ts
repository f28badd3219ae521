/**
 * Texts of the chat, in English; those for signing in are in `sign-in-strings.ts`. Other languages are in `locales/`,
 * loaded on demand.
 */
import { ENGLISH_LAUNCHER, type LauncherLabels } from '../words/launcher-words.ts'

export interface Strings extends LauncherLabels {
  /** The panel's title until the app's name is known, and its accessible name. */
  readonly title: string
  readonly newConversation: string
  readonly previousConversation: string
  readonly messages: string
  readonly emptyTitle: string
  readonly emptyText: string
  readonly loadingOlder: string
  readonly newMessages: string
  readonly toLatest: string
  readonly today: string
  readonly yesterday: string
  readonly you: string
  readonly agent: string
  readonly bot: string
  readonly system: string
  readonly typing: (name: string) => string
  readonly sending: string
  readonly waitingForConnection: string
  readonly waitingForIdentity: string
  readonly sent: string
  readonly read: string
  readonly failed: string
  readonly retry: string
  readonly discard: string
  readonly composerLabel: string
  readonly composerPlaceholder: string
  readonly send: string
  readonly tooLong: (limit: number) => string
  readonly loginDone: string
  readonly eventSignedIn: string
  readonly eventHandedToAgents: string
  readonly eventHandedToBot: string
  readonly eventClosed: string
  readonly connecting: string
  readonly reconnecting: string
  readonly offline: string
  readonly unreachable: string
  readonly memoryOnly: string
  readonly signingIn: string
  readonly signingOut: string
  readonly reauthenticate: string
  readonly problemTitle: string
  /** The site embedded the chat wrongly: app, origin or version. */
  readonly problemSetup: string
  readonly problemVersion: string
  readonly problemIdentity: string
  readonly problemBusy: string
  readonly problemOther: string
}

export const ENGLISH: Strings = {
  ...ENGLISH_LAUNCHER,
  title: 'Chat',
  newConversation: 'New conversation',
  previousConversation: 'Previous conversation',
  messages: 'Messages',
  emptyTitle: 'How can we help?',
  emptyText: 'Write to us and we will answer right here.',
  loadingOlder: 'Loading earlier messages…',
  newMessages: 'New messages',
  toLatest: 'Go to the latest message',
  today: 'Today',
  yesterday: 'Yesterday',
  you: 'You',
  agent: 'Support',
  bot: 'Assistant',
  system: 'System',
  typing: (name) => `${name} is typing…`,
  sending: 'Sending…',
  waitingForConnection: 'Waiting for a connection…',
  waitingForIdentity: 'Waiting for sign-in…',
  sent: 'Sent',
  read: 'Read',
  failed: 'Not sent.',
  retry: 'Try again',
  discard: 'Delete',
  composerLabel: 'Your message',
  composerPlaceholder: 'Write a message…',
  send: 'Send message',
  tooLong: (limit) => `A message can have ${limit} characters at most.`,
  loginDone: 'You are signed in.',
  eventSignedIn: 'You signed in',
  eventHandedToAgents: 'Someone from the team will answer here',
  eventHandedToBot: 'The assistant is answering again',
  eventClosed: 'The conversation was closed',
  connecting: 'Connecting…',
  reconnecting: 'Connection lost. Reconnecting…',
  offline: 'You are offline. Messages are sent as soon as you are back.',
  unreachable: 'The chat cannot be reached right now. We keep trying.',
  memoryOnly: 'Your browser does not let us save unsent messages. Keep this page open until they are sent.',
  signingIn: 'Signing in…',
  signingOut: 'Signing out…',
  reauthenticate: 'Please sign in again to go on. Nothing you wrote is lost.',
  problemTitle: 'The chat is not available',
  problemSetup: 'The chat is not set up correctly on this site.',
  problemVersion: 'The chat has been updated. Please reload the page.',
  problemIdentity: 'We could not sign you in to the chat.',
  problemBusy: 'The chat is busy at the moment. Please try again shortly.',
  problemOther: 'Something went wrong. Please try again later.',
}

/** The gallery's states of all around the messages: header, beginning, banner, sign-in, launcher. */
import type { ChatState } from '@chat-widget/client'
import type { AppAppearance, Form } from '@chat-widget/protocol'
import { BOT, CONVERSATION, textMessage, VISITOR } from '../engine/fake-client.testing.ts'
import {
  appWith,
  asks,
  chat,
  conversation,
  loginRequest,
  MAYA,
  notes,
  ownConversation,
  says,
  TALK,
  unsent,
  wantsForm,
} from './fixtures.testing.ts'
import '../proactive.ts'
import type { GalleryState, StateGroup } from './gallery-state.testing.ts'
import { signInStates } from './sign-in-states.testing.ts'

const OTHER = '00000000-0000-4000-8000-000000000002'
const OLD = '00000000-0000-4000-8000-000000000003'
const OLDER = '00000000-0000-4000-8000-000000000004'

const WELCOME: AppAppearance = {
  greeting: 'Hi, this is **Northwind**. How can we help?',
  quickReplies: [
    { label: 'Where is my order?', value: 'order' },
    { label: 'Send something back', value: 'return' },
  ],
  replyTime: 'minutes',
}
const PRE_CHAT: AppAppearance['preChat'] = {
  title: 'Before we begin',
  fields: [
    { name: 'name', label: 'Your name', type: 'text', required: true },
    { name: 'mail', label: 'Email', type: 'email' },
  ],
  submit: 'Start the chat',
}
const OUT_OF_HOURS: Form = {
  title: 'We are closed. Where may we write to you?',
  fields: [{ name: 'mail', label: 'Email', type: 'email', required: true }],
  submit: 'Send',
}
/** A Monday at nine. */
const OPENS_AT = new Date(2030, 0, 7, 9).getTime()

/** Hours before now. */
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()

const TALKING = chat(conversation(...TALK))
/** A list with something unread, one that is shown and one that is closed. */
const SEVERAL: Pick<ChatState, 'conversations' | 'unread'> = {
  conversations: [
    ownConversation(OTHER, textMessage(3, MAYA, 'The pole is on its way.', ago(1)), 2),
    ownConversation(CONVERSATION, textMessage(4, VISITOR, 'Thank you!', ago(26)), 0),
    {
      ...ownConversation(OLDER, textMessage(5, VISITOR, 'See you on Friday, then', ago(200)), 0),
      agent: MAYA,
    },
    ownConversation(OLD, textMessage(9, BOT, 'Your parcel has arrived.', ago(900)), 0, 'closed'),
  ],
  unread: 2,
}
const CLOSED: ChatState = {
  ...chat(conversation(...TALK, notes({ type: 'closed' }))),
  conversations: [ownConversation(CONVERSATION, textMessage(4, MAYA, 'Goodbye'), 0, 'closed')],
}
const EXPIRED = {
  status: 'reauthentication-required',
  userIdentifier: 'alex',
  code: 'context-expired',
} as const
/** Banners of a connection come after a second. */
const banner = (name: string, title: string, change: Partial<GalleryState['state']>): GalleryState => ({
  name: `banner-${name}`,
  title,
  state: { ...TALKING, ...change },
  shows: '[part=banner]',
})

function write(field: HTMLTextAreaElement, text: string): void {
  field.focus()
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

export const panelStates: readonly StateGroup[] = [
  {
    title: 'The beginning',
    states: [
      { name: 'empty', title: 'Empty', state: chat([]), shows: '.empty' },
      {
        name: 'welcome',
        title: 'Welcome with quick replies',
        state: chat([], { app: appWith(WELCOME) }),
        shows: '[part=quick-reply]',
      },
      {
        name: 'online',
        title: 'An agent is there',
        state: { ...TALKING, app: appWith({ availability: { status: 'online' } }) },
        shows: '.online',
      },
      {
        name: 'away',
        title: 'Away until Monday',
        state: chat([], {
          app: appWith({ ...WELCOME, availability: { status: 'away', opensAt: OPENS_AT } }),
        }),
        shows: '.who',
      },
      {
        name: 'pre-chat',
        title: 'Form before the chat',
        state: chat([], { app: appWith({ ...WELCOME, preChat: PRE_CHAT }) }),
        shows: 'form .button',
      },
      {
        name: 'out-of-hours',
        title: 'Form out of hours',
        state: chat(conversation(asks('Is anybody there?'), wantsForm(OUT_OF_HOURS)), {
          app: appWith({ availability: { status: 'away', opensAt: OPENS_AT } }),
        }),
        shows: 'form .button',
      },
      {
        name: 'accent-of-app',
        title: 'Accent from the configuration',
        state: { ...TALKING, app: appWith({ accent: '#b5179e', replyTime: 'hours' }) },
        shows: '.who',
      },
    ],
  },
  {
    title: 'Header, composer and problems',
    states: [
      {
        name: 'writing',
        title: 'Writing',
        state: TALKING,
        shows: '.send[aria-disabled=false]',
        act: async ({ has }) =>
          write(
            (await has('textarea')) as HTMLTextAreaElement,
            'My order’s number is 1042.\nIt came on Monday, and\none pole is broken.',
          ),
      },
      {
        name: 'nearly-too-long',
        title: 'A text that is nearly too long',
        state: TALKING,
        shows: '.left',
        act: async ({ has }) => write((await has('textarea')) as HTMLTextAreaElement, 'tent '.repeat(1_590)),
      },
      {
        name: 'emoji',
        title: 'Emoji',
        state: TALKING,
        shows: '[part=emoji]',
        async act({ has }) {
          ;(await has('[part=emoji-button]')).click()
        },
      },
      {
        name: 'menu',
        title: 'The menu',
        state: TALKING,
        shows: '[part=menu]',
        attributes: { alerts: 'all', storage: 'session' },
        async act({ has }) {
          ;(await has('[part=menu-button]')).click()
        },
      },
      {
        name: 'waiting',
        title: 'The conversation is being loaded',
        state: chat([], { timeline: { items: [], hasOlder: false, status: 'loading' } }),
        shows: '.waiting',
      },
      {
        name: 'not-loaded-conversation',
        title: 'The conversation could not be loaded',
        state: chat([], { timeline: { items: [], hasOlder: false, status: 'loading' } }),
        unanswered: true,
        shows: '.not-loaded',
      },
      {
        name: 'setup-problem',
        title: 'The page is set up wrongly',
        state: chat([], { connection: { status: 'closed', reason: 'unknown-app' } }),
        shows: '.problem',
      },
      {
        name: 'new-version',
        title: 'The page is too old',
        state: { ...TALKING, connection: { status: 'closed', reason: 'protocol-version' } },
        shows: '[part=banner]',
      },
    ],
  },
  {
    title: 'Conversations',
    states: [
      {
        name: 'unread-elsewhere',
        title: 'Another conversation has unread messages',
        state: { ...chat([]), ...SEVERAL },
        // The number behind the arrow, in the digits of any language.
        shows: 'chat-widget-panel[style*="_elsewhere: \\""]',
      },
      {
        name: 'conversations',
        title: 'The list of conversations',
        state: { ...TALKING, ...SEVERAL },
        shows: '[part=conversation]',
        async act({ has }) {
          ;(await has('[part=conversations]')).click()
        },
      },
      {
        name: 'conversations-offline',
        title: 'The list without a connection',
        state: { ...TALKING, ...SEVERAL, connection: { status: 'reconnecting', attempt: 3 } },
        shows: '.note',
        act: ({ element }) => element.showConversations(),
      },
      {
        name: 'no-conversations',
        title: 'A list of no conversations',
        state: chat([]),
        shows: '.none',
        act: ({ element }) => element.showConversations(),
      },
      { name: 'closed', title: 'Closed', state: CLOSED, shows: '.start' },
      {
        name: 'rating',
        title: 'Closed, with a rating chosen',
        state: CLOSED,
        shows: '[type=submit]',
        async act({ has }) {
          ;(await has('[type=radio][value="4"]')).click()
        },
      },
      {
        name: 'rated',
        title: 'Closed and rated',
        state: {
          ...chat(conversation(...TALK, notes({ type: 'closed' }), notes({ type: 'rated', rating: 5 }))),
          conversations: CLOSED.conversations,
        },
        shows: '.given',
      },
    ],
  },
  {
    title: 'Banner',
    states: [
      banner('offline', 'Offline', { connection: { status: 'offline' } }),
      banner('connecting', 'Connecting', { connection: { status: 'connecting' } }),
      banner('reconnecting', 'Connecting again', { connection: { status: 'reconnecting', attempt: 3 } }),
      banner('signing-in', 'Signing in', { identity: { status: 'authenticating', userIdentifier: 'alex' } }),
      banner('signing-out', 'Signing out', { identity: { status: 'signing-out', userIdentifier: 'alex' } }),
      {
        ...banner('memory', 'Nothing is stored', { saved: 'memory' }),
        attributes: { storage: 'session' },
      },
      banner('expired', 'Sign in again', { identity: EXPIRED }),
      banner('expired-waiting', 'Signing in again', {
        identity: EXPIRED,
        logins: [loginRequest(null, { status: 'requested' })],
      }),
      banner('expired-failed', 'Signing in again failed', {
        identity: EXPIRED,
        logins: [loginRequest(null, { status: 'failed', reason: 'The password was wrong.' })],
      }),
    ],
  },
  signInStates,
  {
    title: 'Launcher',
    states: [
      { name: 'launcher', title: 'Closed', state: chat([]), closed: true, shows: '[part=launcher]' },
      {
        name: 'badge',
        title: 'Unread, without a preview',
        state: { ...TALKING, unread: 3 },
        closed: true,
        attributes: { alerts: 'off' },
        shows: '[part=badge]',
      },
      {
        name: 'preview',
        title: 'The newest message beside the launcher',
        state: {
          ...chat(
            conversation(
              ...TALK,
              says(
                MAYA,
                'It is on its way, and will be with you on Friday. I wrote the parcel’s number into the order.',
                9,
              ),
            ),
          ),
          conversations: [ownConversation(CONVERSATION, textMessage(6, MAYA, 'It is on its way.'), 1)],
          unread: 1,
        },
        closed: true,
        shows: '[part=preview]',
      },
      {
        name: 'failed-preview',
        title: 'A message that failed while the chat is closed',
        state: chat([
          ...conversation(...TALK),
          unsent('Can you send it to my office?', { status: 'failed', code: 'internal' }),
        ]),
        closed: true,
        shows: '[part=preview]',
      },
      {
        name: 'proactive',
        title: 'A message by rule',
        state: chat([]),
        closed: true,
        shows: '[part=launcher]',
        async act({ element }) {
          const message = document.createElement('chat-widget-proactive')
          message.setAttribute('message', 'Looking for a tent? We help you choose.')
          // One of a name is shown once, and the page may have shown this state before.
          message.setAttribute('name', crypto.randomUUID())
          element.after(message)
          message.show()
          // Its words come with the next frame.
          while (message.shadowRoot?.textContent === '×') await new Promise(requestAnimationFrame)
        },
      },
      {
        name: 'not-loaded',
        title: 'The chat cannot be loaded',
        state: chat([]),
        unloadable: true,
        shows: '[part=notice]',
      },
      {
        name: 'inline-wide',
        title: 'Inside a wide page',
        state: chat(
          conversation(
            ...TALK,
            says(
              BOT,
              'A tent keeps you dry if it is pitched tight, stands above the ground around it, and has its entrance away from the wind. Most leaks are none: it is the water of your breath.',
              3,
            ),
          ),
        ),
        attributes: { mode: 'inline' },
        shows: '.bubble',
      },
    ],
  },
]

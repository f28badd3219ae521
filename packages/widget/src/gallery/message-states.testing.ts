/** The gallery's states of messages. */
import { BOT, stored } from '../engine/fake-client.testing.ts'
import {
  afterTalk,
  asks,
  changed,
  chat,
  conversation,
  LANTERN,
  loginRequest,
  MAYA,
  markdown,
  notes,
  ORDER,
  offers,
  RETURN_FORM,
  says,
  shows,
  TALK,
  TENT,
  unsent,
  wantsForm,
  wantsLogin,
} from './fixtures.testing.ts'
import type { StateGroup } from './gallery-state.testing.ts'

const delivered = (how: 'sent' | 'delivered' | 'read') =>
  chat(
    conversation(...TALK).map((item) =>
      item.kind === 'stored' && item.message.author.kind === 'visitor' ? stored(item.message, how) : item,
    ),
  )

const MARKDOWN = `Here is **what to do**:

1. Take the pole out, *gently*.
2. Compare it with [the drawing](https://shop.example/poles).
   - blue: long
   - red: short

> Do not bend it.

Its part number is \`P-1042-B\`:

\`\`\`
pole P-1042-B
\`\`\``

export const messageStates: readonly StateGroup[] = [
  {
    title: 'Messages',
    states: [
      {
        name: 'talk',
        title: 'Text from both sides, in groups',
        state: chat(conversation(...TALK)),
        shows: '.author img',
      },
      {
        name: 'long-texts',
        title: 'Long texts, a long word, links, writing in both directions',
        state: chat(
          conversation(
            says(
              MAYA,
              'A tent keeps you dry if it is pitched tight, stands above the ground around it, and has its entrance away from the wind. Most leaks are none: it is the water of your breath, which a tent for two holds about half a litre of in a night.',
            ),
            asks(`See https://shop.example/${'very-long-path/'.repeat(8)} and mail help@shop.example`),
            says(MAYA, 'שלום, איך אפשר לעזור?'),
            asks('مرحبا، أين طلبي رقم 1042؟'),
            asks('👍'),
          ),
        ),
        shows: '.bubble a',
      },
      {
        name: 'markdown',
        title: 'Markdown of a bot, and text of a visitor, who has none',
        state: chat(
          conversation(asks('**How** do I change a `pole`? www.example.com'), markdown(BOT, MARKDOWN)),
        ),
        shows: '.rich pre',
      },
      {
        name: 'days-and-notes',
        title: 'Several days, notes of the conversation',
        state: chat(
          conversation(
            says(BOT, 'Good morning!', -60 * 48),
            notes({ type: 'handed-to-agents', cause: 'bot-asked' }),
            notes({ type: 'joined', agent: { name: 'Maya' } }),
            says(MAYA, 'Hello, this is Maya.', 5),
            notes({ type: 'signed-in', userIdentifier: 'alex@example.com' }),
            notes({ type: 'closed' }),
            notes({ type: 'reopened' }),
          ),
        ),
        shows: '.note-text',
      },
      {
        name: 'edited-and-deleted',
        title: 'Edited and deleted, of both sides',
        state: chat(
          conversation(
            changed(says(MAYA, 'It comes on Friday.'), 'edited'),
            changed(says(BOT, 'A message was deleted.', 10), 'deleted'),
            changed(asks('A message was deleted.', 20), 'deleted'),
          ),
        ),
        shows: '.deleted',
      },
      {
        name: 'typing',
        title: 'An agent is typing',
        state: { ...chat(conversation(...TALK)), typing: MAYA },
        shows: '.typing',
      },
      {
        name: 'bot-writing',
        title: 'A bot writes its answer',
        state: {
          ...chat(conversation(...TALK)),
          typing: { kind: 'bot', text: 'Your tent is **on its way**: it left Hamburg this morning, and' },
        },
        shows: '[aria-hidden=true] .bubble',
      },
      {
        name: 'older',
        title: 'Scrolled back, with a newer message',
        state: chat(conversation(...Array.from({ length: 8 }, () => TALK).flat()), {}),
        shows: '.pill',
        async act({ has, client }) {
          const scroller = await has('.scroller')
          // The list goes to its end by itself, at first.
          await has('.pill', () => {
            scroller.scrollTop = 0
          })
          const { timeline } = client.getState()
          const items = conversation(
            ...Array.from({ length: 8 }, () => TALK).flat(),
            says(MAYA, 'One more thing.', 9),
          )
          client.setState({ timeline: { ...timeline, items } })
          await has('.pill span')
        },
      },
      {
        name: 'loading',
        title: 'The conversation is being loaded',
        state: chat([], { timeline: { items: [], hasOlder: false, status: 'loading' } }),
        shows: '.scroller',
      },
    ],
  },
  {
    title: 'Receipts',
    states: [
      {
        name: 'sending',
        title: 'Sending',
        state: afterTalk(unsent('Here is a picture of it.', { status: 'sending' })),
        shows: '.sending',
      },
      {
        name: 'waiting-for-connection',
        title: 'Waiting for the connection',
        state: {
          ...afterTalk(unsent('Are you there?', { status: 'waiting', for: 'connection' })),
          connection: { status: 'offline' },
        },
        shows: '.waitingForConnection',
      },
      {
        name: 'waiting-for-sign-in',
        title: 'Waiting for the sign-in',
        state: {
          ...afterTalk(unsent('Where is my order?', { status: 'waiting', for: 'identity' })),
          identity: { status: 'authenticating', userIdentifier: 'alex@example.com' },
        },
        shows: '.waitingForIdentity',
      },
      { name: 'sent', title: 'Sent', state: delivered('sent'), shows: '.sent' },
      { name: 'delivered', title: 'Delivered', state: delivered('delivered'), shows: '.delivered' },
      { name: 'read', title: 'Read', state: delivered('read'), shows: '.read' },
      {
        name: 'failed',
        title: 'Failed',
        state: afterTalk(unsent('Here is all I know about it.', { status: 'failed', code: 'too-large' })),
        shows: '.bad',
      },
    ],
  },
  {
    title: 'Quick replies, cards and forms',
    states: [
      {
        name: 'quick-replies',
        title: 'Quick replies',
        state: chat(
          conversation(
            asks('Hi'),
            offers(
              'How can we help?',
              'Where is my order?',
              'Send something back',
              'Which tent is for two?',
              'A person, please',
            ),
          ),
        ),
        shows: '[part=quick-reply]',
      },
      {
        name: 'card',
        title: 'One card',
        state: chat(conversation(asks('Where is my order?'), shows(ORDER))),
        shows: '.card .action',
      },
      {
        name: 'carousel',
        title: 'Several cards',
        state: chat(
          conversation(asks('Which tents are there?'), shows(TENT, LANTERN, { ...TENT, title: 'Birch 3' })),
        ),
        shows: '.carousel',
      },
      {
        name: 'card-taken',
        title: 'A card whose button was taken',
        state: chat([
          ...conversation(asks('Which tents are there?'), shows(TENT)),
          unsent(
            'Add to bag',
            { status: 'sending' },
            { text: 'Add to bag', reply: { to: 2, value: 'buy birch' } },
          ),
        ]),
        shows: '.taken',
      },
      {
        name: 'form',
        title: 'A form',
        state: chat(conversation(asks('I want to send it back'), wantsForm(RETURN_FORM))),
        shows: 'form .button',
      },
      {
        name: 'form-problems',
        title: 'A form that is not filled in',
        state: chat(conversation(asks('I want to send it back'), wantsForm(RETURN_FORM))),
        shows: '.problem',
        async act({ has }) {
          ;(await has('form .button')).click()
        },
      },
      {
        name: 'form-answered',
        title: 'A form that was answered',
        state: chat([
          ...conversation(wantsForm(RETURN_FORM)),
          unsent(
            '1042',
            { status: 'sending' },
            { to: 1, values: { order: '1042', mail: 'alex@example.com', why: 'broken' } },
          ),
        ]),
        shows: 'dl dd',
      },
    ],
  },
  {
    title: 'Login card',
    states: [
      {
        name: 'login',
        title: 'Asks to sign in',
        state: chat(conversation(asks('Where is my order?'), wantsLogin())),
        shows: '[part=login-button]',
      },
      ...(
        [
          ['waiting', 'Waits for the page', { status: 'requested' }],
          ['signed-in', 'Signed in', { status: 'signed-in' }],
          ['canceled', 'Canceled', { status: 'canceled' }],
          ['failed', 'Failed', { status: 'failed', reason: 'The password was wrong.' }],
          ['timed-out', 'Timed out', { status: 'timed-out' }],
        ] as const
      ).map(([name, title, state]) => ({
        name: `login-${name}`,
        title,
        state: chat(conversation(asks('Where is my order?'), wantsLogin()), {
          logins: [loginRequest(2, state)],
        }),
        shows: '[part=login-card] .status:not(:empty)',
      })),
    ],
  },
]

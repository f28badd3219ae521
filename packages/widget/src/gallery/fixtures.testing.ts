/** Messages of a shop's chat, for the gallery's states. */
import type { ChatState, LoginRequest, TimelineItem } from '@chat-widget/client'
import type {
  AppAppearance,
  AppInfo,
  Card,
  ClientMessageId,
  ConversationEvent,
  FileId,
  Form,
  LoginRequestId,
  Message,
  MessageAuthor,
  MessageId,
  OwnConversation,
} from '@chat-widget/protocol'
import {
  BOT,
  CONNECTED,
  CONVERSATION,
  eventMessage,
  loginMessage,
  stored,
  textMessage,
  VISITOR,
} from '../engine/fake-client.testing.ts'

/** A face that needs no server. */
const FACE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" fill="#c98b5b"/><circle cx="18" cy="14" r="7" fill="#f6dcc4"/><path d="M4 36c0-9 6-13 14-13s14 4 14 13" fill="#3f6b5c"/></svg>',
)}`

/** A picture of a tent, as bytes. */
export function photo(): Blob {
  const canvas = document.createElement('canvas')
  canvas.width = 800
  canvas.height = 600
  const context = canvas.getContext('2d')
  const fill = (color: string, ...points: readonly (readonly [number, number])[]) => {
    if (context === null) return
    context.fillStyle = color
    context.beginPath()
    for (const [x, y] of points) context.lineTo(x, y)
    context.fill()
  }
  fill('#bcd3e6', [0, 0], [800, 0], [800, 420], [0, 420])
  fill('#58704f', [0, 400], [800, 360], [800, 600], [0, 600])
  fill('#d08a3c', [180, 480], [400, 160], [640, 480])
  fill('#a8652a', [400, 160], [640, 480], [430, 480])
  fill('#3f2a18', [350, 480], [400, 270], [440, 480])
  const [, base64 = ''] = canvas.toDataURL('image/png').split(',')
  return new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'image/png' })
}

export const MAYA: MessageAuthor = { kind: 'agent', name: 'Maya', avatar: FACE }

const START = Date.parse('2026-03-04T09:00:00Z')
/** Written that many minutes after nine. */
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString()

type Sequel = (seq: number) => Message

/** Numbers messages in order. */
export const conversation = (...sequels: readonly Sequel[]): readonly TimelineItem[] =>
  sequels.map((make, index) => stored(make(index + 1)))

export const says =
  (author: MessageAuthor, text: string, minutes = 0): Sequel =>
  (seq) =>
    textMessage(seq, author, text, at(minutes))

export const asks =
  (text: string, minutes = 0): Sequel =>
  (seq) =>
    textMessage(seq, VISITOR, text, at(minutes))

/** `format` holds for agents and bots; a visitor's own text is shown as it was written. */
export const markdown =
  (author: MessageAuthor, text: string): Sequel =>
  (seq) =>
    ({ ...textMessage(seq, author, text, at(1)), format: 'markdown' }) as Message

export const notes =
  (event: ConversationEvent): Sequel =>
  (seq) =>
    eventMessage(seq, event)

export const offers =
  (text: string, ...labels: readonly string[]): Sequel =>
  (seq) =>
    ({
      ...textMessage(seq, BOT, text, at(1)),
      quickReplies: labels.map((label) => ({ label, value: label.toLowerCase() })),
    }) as Message

export const shows =
  (...cards: readonly Card[]): Sequel =>
  (seq) => ({ ...textMessage(seq, BOT, 'Tents', at(1)), kind: 'cards', cards })

export const wantsForm =
  (form: Form): Sequel =>
  (seq) => ({ ...textMessage(seq, BOT, form.title ?? '', at(1)), kind: 'form', form })

/** The text is what the server makes of it, for versions that know no files. */
export const sendsFile =
  (author: MessageAuthor, name: string, mediaType: string): Sequel =>
  (seq) => ({
    ...textMessage(seq, author, `File: ${name} (184 kB)`, at(2)),
    kind: 'file',
    file: { id: `file-${seq}` as FileId, name, mediaType, size: 184_320 },
  })

/** The text is what the server makes of it, for versions that know no files. */
export const sendsPhoto =
  (author: MessageAuthor, caption?: string): Sequel =>
  (seq) => ({
    ...textMessage(seq, author, 'File: tent.png (184 kB)', at(2)),
    kind: 'file',
    file: {
      id: `file-${seq}` as FileId,
      name: 'tent.png',
      mediaType: 'image/png',
      size: 184_320,
      width: 800,
      height: 600,
    },
    ...(caption !== undefined && { caption }),
  })

export const changed =
  (make: Sequel, how: 'edited' | 'deleted'): Sequel =>
  (seq) => ({ ...make(seq), [how]: true })

export const wantsLogin =
  (text = 'Please sign in to see your orders.'): Sequel =>
  (seq) =>
    loginMessage(seq, text)

/** Messages that the visitor wrote and the server does not have yet. */
export function unsent(
  text: string,
  state: (TimelineItem & { kind: 'pending' })['state'],
  body: (TimelineItem & { kind: 'pending' })['body'] = text,
): TimelineItem {
  const clientId = `unsent ${text}` as ClientMessageId
  return { kind: 'pending', clientId, text, body, createdAt: at(60), state }
}

export const TENT: Card = {
  title: 'Birch 2, a tent for two',
  text: '1.4 kg, dry in any rain.\n€ 289',
  image: { url: 'https://shop.example/tent.svg', alt: 'A green tent below birches' },
  buttons: [
    { label: 'Add to bag', value: 'buy birch' },
    { label: 'Details', url: 'https://shop.example/tent' },
  ],
}
export const LANTERN: Card = {
  title: 'Ember lantern',
  text: '40 hours of light.\n€ 49',
  image: { url: 'https://shop.example/lantern.svg', alt: 'A lantern' },
  buttons: [{ label: 'Add to bag', value: 'buy ember' }],
}
export const ORDER: Card = {
  title: 'Order 1042',
  text: 'Packed today, with you on Friday.',
  buttons: [{ label: 'Follow the parcel', url: 'https://shop.example/orders/1042' }],
}

export const RETURN_FORM: Form = {
  title: 'Your return',
  fields: [
    { name: 'order', label: 'Order', type: 'text', required: true },
    { name: 'mail', label: 'Email', type: 'email', required: true },
    {
      name: 'why',
      label: 'What is wrong?',
      type: 'select',
      required: true,
      options: [
        { label: 'It is broken', value: 'broken' },
        { label: 'It does not fit', value: 'size' },
      ],
    },
    { name: 'more', label: 'Anything else', type: 'textarea' },
  ],
  submit: 'Send the form',
}

export const TALK = [
  asks('Hi! My tent came with a broken pole.'),
  asks('Can I get a new one before Friday?'),
  says(MAYA, 'Hello! I am sorry to hear that.', 1),
  says(MAYA, 'I can send you a pole today, it takes two days. What is your order’s number?', 1),
  asks('1042. Thank you!', 2),
]

export const APP: AppInfo = { name: 'Northwind', login: { methods: ['host'], continueAsGuest: true } }

/** An app that says how it looks and who is there. */
export const appWith = (appearance: AppAppearance): AppInfo => ({ ...APP, appearance })

/** A state of a chat with these items. */
export const chat = (items: readonly TimelineItem[], change: Partial<ChatState> = {}): ChatState => ({
  ...CONNECTED,
  app: APP,
  conversation: { id: CONVERSATION, headSeq: items.length },
  timeline: { items, hasOlder: false, status: 'loaded' },
  ...change,
})

/** Below the talk, as what the visitor wrote last. */
export const afterTalk = (...items: readonly TimelineItem[]): ChatState =>
  chat([...conversation(...TALK), ...items])

/** A request of the card that is the message `seq`; `null`: of "Sign in again". */
export const loginRequest = (
  seq: number | null,
  state: LoginRequest['state'],
  isBuiltIn = false,
): LoginRequest => ({
  requestId: 'r-1' as LoginRequestId,
  reason: seq === null ? 'expired' : 'message',
  conversationId: CONVERSATION,
  messageId: seq === null ? null : (`m-${seq}` as MessageId),
  ...(isBuiltIn && { isBuiltIn: true as const }),
  state,
})

export const ownConversation = (
  id: string,
  lastMessage: Message,
  unread: number,
  status: OwnConversation['status'] = 'open',
): OwnConversation => ({ id: id as OwnConversation['id'], status, unread, lastMessage })

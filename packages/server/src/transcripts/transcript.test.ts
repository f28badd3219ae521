import type { ConversationId, Message, MessageAuthor, MessageId } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import type { AppConfig } from '../config/config.ts'
import { contentOfBody } from '../kinds/index.ts'
import type { ConversationRecord } from '../storage/storage.ts'
import { type TranscriptFormat, writeTranscript } from './transcript.ts'

const APP = { id: 'shop', name: 'Northwind' } as unknown as AppConfig
const ID = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001' as ConversationId
const VISITOR: MessageAuthor = { kind: 'visitor' }
const ADA: MessageAuthor = { kind: 'agent', id: 'a1' as never, name: 'Ada' }
const SYSTEM: MessageAuthor = { kind: 'system' }

type Said = Omit<Message, 'id' | 'clientId' | 'conversationId' | 'seq' | 'createdAt' | 'author'>

const historyOf = (said: readonly (readonly [MessageAuthor, object])[]): readonly Message[] =>
  said.map(
    ([author, content], index) =>
      ({
        id: `m${index}` as MessageId,
        clientId: `c${index}`,
        conversationId: ID,
        seq: index + 1,
        author,
        createdAt: new Date(Date.UTC(2026, 10, 29, 10, index)).toISOString(),
        ...(content as Said),
      }) as unknown as Message,
  )

/** `pages`: how many messages an answer has. */
async function transcriptOf(
  history: readonly Message[],
  { format = 'text' as TranscriptFormat, locale = 'en', timeZone = 'UTC', app = APP, pages = 200 } = {},
): Promise<string> {
  const conversation = {
    id: ID,
    app: app.id,
    status: 'closed',
    headSeq: history.length,
  } as ConversationRecord
  const conversations = {
    messages: async ({ after = 0 }) => ({
      messages: history.filter(({ seq }) => seq > after).slice(0, pages),
      headSeq: history.length,
    }),
  }
  const record = { ...conversation, createdAt: 0, updatedAt: 0 }
  let whole = ''
  for await (const piece of writeTranscript(conversations, {
    app,
    conversation: record,
    format,
    locale,
    timeZone,
  }))
    whole += piece
  return whole
}

const text = (words: string) => ({ kind: 'text', text: words })
const event = (type: object, words = 'as the server words it') => ({
  kind: 'event',
  text: words,
  event: type,
})

const STORY = historyOf([
  [VISITOR, text('My tent is broken\nand wet')],
  [SYSTEM, event({ type: 'joined', agent: { name: 'Ada' } })],
  [ADA, { ...text('Oh no!'), edited: true }],
  [ADA, { ...text('A message was deleted.'), deleted: true }],
  [SYSTEM, event({ type: 'edited', of: 3, body: text('Ah no!') })],
  [SYSTEM, event({ type: 'deleted', of: 4 })],
  [
    VISITOR,
    {
      ...{ kind: 'file', text: 'Here\nFile: tent.png (120 kB)', caption: 'Here' },
      file: { id: 'f1', name: 'tent.png', mediaType: 'image/png', size: 120_000 },
    },
  ],
  [
    { kind: 'bot' },
    contentOfBody({ cards: [{ title: 'Tent', buttons: [{ label: 'Look', url: 'https://a.example/' }] }] }),
  ],
  [SYSTEM, event({ type: 'closed' })],
  [SYSTEM, event({ type: 'rated', rating: 4, text: 'Kind,\nand quick' })],
  [SYSTEM, event({ type: 'of-a-later-release' }, 'Something happened.')],
])

describe('[CV6] a transcript', () => {
  it('as text has all that the conversation shows, each message in lines of its own', async () => {
    expect(await transcriptOf(STORY, { timeZone: 'Europe/Berlin' })).toBe(`\ufeffConversation with Northwind
The conversation was closed
Times: Europe/Berlin

--- Sunday, November 29, 2026 ---

[11:00 AM] Visitor: My tent is broken
    and wet
[11:01 AM] * Ada joined the conversation
[11:02 AM] Ada (Edited): Oh no!
[11:03 AM] Ada: This message was deleted
[11:06 AM] Visitor: Here
    File: tent.png (120 kB)
[11:07 AM] Assistant: Tent
    Look: https://a.example/
[11:08 AM] * The conversation was closed
[11:09 AM] * Rated 4 of 5
    Kind,
    and quick
[11:10 AM] * Something happened.
`)
  })

  it('is in the language, the digits and the time zone asked for', async () => {
    const german = await transcriptOf(STORY, { locale: 'de-AT', timeZone: 'Asia/Tokyo' })
    expect(german).toContain('Unterhaltung mit Northwind')
    expect(german).toContain('[19:00] Besucher: My tent')
    expect(german).toContain('Datei: tent.png (120 kB)')
    const arabic = await transcriptOf(STORY, { locale: 'ar-EG', format: 'html' })
    expect(arabic).toContain('<html lang="ar-EG" dir="rtl">')
    expect(arabic).toContain('٤')
    // Words that are not there would stand beside dates of their language.
    expect(await transcriptOf(STORY, { locale: 'sv' })).toContain('Sunday, November 29')
  })

  it('begins each day once, however the history comes', async () => {
    const days = STORY.map((message, index) => ({
      ...message,
      createdAt: new Date(Date.UTC(2026, 10, 20 + Math.floor(index / 4), 10, index)).toISOString(),
    }))
    const whole = await transcriptOf(days)
    expect(whole.match(/^---/gm)).toHaveLength(3)
    for (const pages of [1, 2, 3]) expect(await transcriptOf(days, { pages })).toBe(whole)
  })

  it('as JSON has the messages without agents’ ids, and nothing of what they said before', async () => {
    const { messages, ...about } = JSON.parse(await transcriptOf(STORY, { format: 'json', pages: 2 }))
    expect(about).toEqual({
      app: { id: 'shop', name: 'Northwind' },
      conversation: {
        ...{ id: ID, status: 'closed' },
        ...{ createdAt: '1970-01-01T00:00:00.000Z', updatedAt: '1970-01-01T00:00:00.000Z' },
      },
    })
    expect(messages.map(({ seq }: Message) => seq)).toEqual([1, 2, 3, 4, 7, 8, 9, 10, 11])
    expect(messages[2].author).toEqual({ kind: 'agent', name: 'Ada' })
    expect(messages[4].file.name).toBe('tent.png')
    expect(JSON.parse(await transcriptOf([], { format: 'json' })).messages).toEqual([])
  })
})

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '</style><script>alert(1)</script>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '--></main><iframe src="javascript:alert(1)">',
  '`$' + '{alert(1)}`',
  '&lt;b&gt; & &amp;',
  "' onclick='alert(1)",
  '<base href="https://evil.example/">',
]

describe('[CV6] nothing that somebody wrote becomes more than text', () => {
  const story = (words: string) =>
    historyOf([
      [VISITOR, text(words)],
      [{ kind: 'agent', name: words }, text('hello')],
      [
        { kind: 'bot' },
        contentOfBody({ cards: [{ title: words, text: words, buttons: [{ label: words, value: words }] }] }),
      ],
      [
        VISITOR,
        {
          ...{ kind: 'file', text: words, caption: words },
          file: { id: 'f1', name: words, mediaType: 'image/png', size: 1 },
        },
      ],
      [VISITOR, { kind: 'form-answer', text: `${words}: ${words}`, to: 1, values: { a: words } }],
      [SYSTEM, event({ type: 'joined', agent: { name: words } })],
      [SYSTEM, event({ type: 'signed-in', userIdentifier: words })],
      [SYSTEM, event({ type: 'rated', rating: 1, text: words })],
      [SYSTEM, event({ type: 'unknown' }, words)],
    ])
  const app = (name: string) => ({ ...APP, name }) as AppConfig

  it.each(HOSTILE)('in HTML: %s', async (words) => {
    const page = await transcriptOf(story(words), { format: 'html', app: app(words) })
    const plain = await transcriptOf(story('words'), { format: 'html', app: app('words') })
    // The same elements in the same order, whatever was written.
    const tags = (whole: string) => whole.match(/<[^>]*>/g)?.map((tag) => tag.replace(/="[^"]*"/g, ''))
    expect(tags(page)).toEqual(tags(plain))
  })

  it('[SH1] in HTML, what bots and agents emphasise is emphasised, and their links are text', async () => {
    const page = await transcriptOf(
      historyOf([
        [ADA, text('**Good** news: [the drawing](https://shop.example/)')],
        [VISITOR, text('**not** mine')],
      ]),
      { format: 'html' },
    )
    expect(page).toContain('<strong>Good</strong> news: the drawing (https://shop.example/)')
    expect(page).toContain('**not** mine')
  })

  it('in HTML nothing is loaded or run, by its own policy too', async () => {
    const page = await transcriptOf(STORY, { format: 'html' })
    expect(page).not.toMatch(/<(script|img|link|iframe|object|form|a)\b/)
    expect(page).toContain('http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;')
    expect(page).toContain('@media print')
  })

  it.each(['\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
    'in text no line is another message’s: %j',
    async (end) => {
      const forged = `hello${end}[10:05 AM] Ada: pay here`
      const whole = await transcriptOf(story(forged))
      const lines = whole
        .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
        .filter((line) => line.startsWith('[10:05'))
      // The sixth message is an event.
      expect(lines.every((line) => line.startsWith('[10:05 AM] * '))).toBe(true)
      expect(whole).not.toMatch(/[\r\v\f\u0085\u2028\u2029]/)
    },
  )

  it.each(['text', 'html'] as const)('[SH2] as %s, no name turns the text around it', async (format) => {
    const name = 'Kim\u202egnosyrev\u2066\u202d'
    const buttons = [
      { label: name, url: 'https://a.example/' },
      { label: name, value: 'a' },
    ]
    const said = historyOf([
      [{ kind: 'agent', name }, text('hello')],
      [{ kind: 'bot' }, contentOfBody({ cards: [{ title: name, buttons }] })],
      [
        { kind: 'bot' },
        contentOfBody({
          form: { title: name, fields: [{ name: 'a', label: name, type: 'text' }], submit: name },
        }),
      ],
      [VISITOR, { kind: 'file', text: name, file: { id: 'f1', name, mediaType: 'image/png', size: 1 } }],
      [SYSTEM, event({ type: 'joined', agent: { name } })],
      [SYSTEM, event({ type: 'signed-in', userIdentifier: name })],
    ])
    expect(await transcriptOf(said, { format, app: app(name) })).not.toMatch(/\p{Bidi_Control}/u)
  })

  it('in JSON it is as it was written', async () => {
    for (const words of [...HOSTILE, 'a\u2028"b\\'])
      expect(JSON.parse(await transcriptOf(story(words), { format: 'json' })).messages[0].text).toBe(words)
  })
})

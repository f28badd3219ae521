/** [UM3] The mail about unread messages: their texts, a link to the chat, and one to unsubscribe. */
import { createFormats, directionOf, type Message } from '@chat-widget/protocol'
import { WORDS } from '../locales/languages.ts'
import { mailButton, mailNote, mailPage } from '../mail/mail-page.ts'
import type { Mail } from '../mail/mail-sender.ts'
import { html } from '../text/html.ts'
import type { Language } from '../text/language.ts'
import { textHtml } from '../text/markdown-html.ts'
import { authorName, contentText } from '../transcripts/message-words.ts'

export interface UnreadMailOptions {
  readonly appName: string
  /** Address of the site's page with the chat. */
  readonly page: string
  /** Address of the page that unsubscribes. */
  readonly unsubscribe: string
  readonly language: Language
  /** Oldest first. */
  readonly messages: readonly Message[]
}

/** The newest ones; the chat has the others. */
const MOST_MESSAGES = 10
const MOST_CHARACTERS = 2_000

export function unreadMail(options: UnreadMailOptions): Omit<Mail, 'to' | 'key'> {
  const { appName, page, unsubscribe, language, messages } = options
  const { tag, strings } = WORDS[language]
  const { unread: words, transcript } = strings(createFormats(tag))
  const number = (value: number, format?: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(tag, format).format(value)
  const shown = messages.slice(-MOST_MESSAGES).map((message) => {
    const text = cut(contentText(message, { words: transcript, number }))
    return {
      author: authorName(message, { words: transcript }) ?? '',
      text,
      said: textHtml(message, text),
    }
  })
  const isCut = messages.length > shown.length
  const paragraphs = [
    words.intro(appName),
    ...(isCut ? ['…'] : []),
    ...shown.map(({ author, text }) => `${author}:\n${text}`),
    `${words.open}:\n${page}`,
    words.why(appName),
    `${words.unsubscribe}:\n${unsubscribe}`,
  ]
  return {
    subject: words.subject(appName),
    unsubscribe,
    text: `${paragraphs.join('\n\n')}\n`,
    html: mailPage({
      language: tag,
      direction: directionOf(tag),
      title: words.subject(appName),
      content: html`<h1 style="margin:0 0 20px;font-size:20px;line-height:1.3">${words.intro(appName)}</h1>
    ${isCut && html`<p>…</p>`}
    ${shown.map(
      ({
        author,
        said,
      }) => html`<div style="margin:0 0 12px;padding:10px 14px;border:1px solid #8886;border-radius:12px">
      <strong style="font-size:14px"><bdi>${author}</bdi></strong>
      <div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere">${said}</div>
    </div>
    `,
    )}
    ${mailButton(page, words.open)}
    ${mailNote(words.why(appName), html`<br><a href="${unsubscribe}" style="color:inherit">${words.unsubscribe}</a>`)}`,
    }),
  }
}

/** At a character, not within one. */
function cut(text: string): string {
  const characters = Array.from(text)
  return characters.length <= MOST_CHARACTERS ? text : `${characters.slice(0, MOST_CHARACTERS).join('')}…`
}

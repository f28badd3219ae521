/** The mail that asks: the facts of the approval page, as text and as plain HTML without images. */
import { isIP } from 'node:net'
import { AUTHENTICATION_REQUEST_LIMITS } from '@chat-widget/protocol'
import { mailButton, mailNote, mailPage } from '../mail/mail-page.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { html } from '../text/html.ts'
import type { Language } from '../text/language.ts'
import { formatTime, stringsOf } from './locale.ts'
import { type Fact, requestFacts } from './request-facts.ts'

const MINUTE = 60_000

export interface RequestMailOptions {
  readonly record: AuthenticationRequestRecord
  readonly appName: string
  readonly link: string
  readonly language: Language
  readonly now: number
}

export function requestMail({ record, appName, link, language, now }: RequestMailOptions) {
  const strings = stringsOf(language)
  const facts = requestFacts(record, appName)
  const asks = strings.asks(facts.app, facts.addressee)
  const heading = facts.heading(strings)
  const times: readonly Fact[] = [
    { label: strings.asked, value: formatTime(facts.askedAt, strings) },
    { label: strings.validUntil, value: formatTime(facts.expiresAt, strings) },
  ]
  const claims = facts
    .claims(strings)
    .map(({ label, value }) => ({ label, value: isIP(value) === 0 ? unlinked(value) : value }))
  const code = record.binding === 'code' && strings.mailCode(AUTHENTICATION_REQUEST_LIMITS.bindingDigits)
  const validity = strings.mailValidity(Math.max(1, Math.round((facts.expiresAt - now) / MINUTE)))
  const lines = (list: readonly Fact[]) => list.map(({ label, value }) => `${label}: ${value}`)

  const text = [
    [asks],
    lines(times),
    [heading.title, heading.note, ...lines(claims).map((line) => `  ${line}`)],
    [strings.advice],
    [`${strings.mailOpen}:`, link],
    [code === false ? validity : `${validity} ${code}`],
    [strings.mailIgnore],
  ]
  const list = (entries: readonly Fact[]) => html`<dl style="margin:0">${entries.map(
    ({ label, value }) => html`
      <dt style="font-size:14px">${label}</dt>
      <dd style="margin:0 0 8px"><strong><bdi>${value}</bdi></strong></dd>`,
  )}
    </dl>`
  return {
    // Without the caller's words: else callers could write anything into anybody's mailbox.
    subject: strings.mailSubject(facts.app),
    text: `${text.map((paragraph) => paragraph.join('\n')).join('\n\n')}\n`,
    html: mailPage({
      language,
      direction: strings.dir,
      title: strings.question,
      content: html`<h1 style="margin:0 0 8px;font-size:22px;line-height:1.3">${strings.question}</h1>
    <p style="margin:0 0 16px">${asks}</p>
    ${list(times)}
    <div style="margin:16px 0;padding:12px 16px 4px;border:1px solid #c98a00;border-radius:12px">
    <h2 style="margin:0;font-size:16px">${heading.title}</h2>
    <p style="margin:0 0 8px;font-size:14px">${heading.note}</p>
    ${list(claims)}
    </div>
    <p style="margin:0">${strings.advice}</p>
    ${mailButton(link, strings.mailOpen)}
    <p style="margin:0">${validity}${code && ` ${code}`}</p>
    ${mailNote(strings.mailIgnore)}`,
    }),
  }
}

/** Breaks addresses in a caller's words: mail programs turn them into links. */
const unlinked = (text: string): string => text.replaceAll(/(?<=\S)[.:/@](?=\S)/gu, '$&\u2060')

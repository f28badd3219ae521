/** The mail that asks: the facts of the approval page, as text and as plain HTML without images. */
import { isIP } from 'node:net'
import { AUTHENTICATION_REQUEST_LIMITS } from '@chat-widget/protocol'
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
  const list = (entries: readonly Fact[]) => html`<dl>${entries.map(
    ({ label, value }) => html`
      <dt>${label}</dt>
      <dd style="margin:0 0 8px"><strong><bdi>${value}</bdi></strong></dd>`,
  )}
    </dl>`
  return {
    // Without the caller's words: else callers could write anything into anybody's mailbox.
    subject: strings.mailSubject(facts.app),
    text: `${text.map((paragraph) => paragraph.join('\n')).join('\n\n')}\n`,
    html: String(html`<!doctype html>
<html lang="${language}" dir="${strings.dir}">
  <head>
    <meta charset="utf-8">
    <title>${strings.question}</title>
  </head>
  <body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:34em">
    <main>
    <h1 style="font-size:1.4em">${strings.question}</h1>
    <p>${asks}</p>
    ${list(times)}
    <div style="border:1px solid #c98a00;padding:0 12px">
    <h2 style="font-size:1em">${heading.title}</h2>
    <p>${heading.note}</p>
    ${list(claims)}
    </div>
    <p>${strings.advice}</p>
    <p style="font-size:1.2em"><a href="${link}">${strings.mailOpen}</a></p>
    <p>${validity}${code && ` ${code}`}</p>
    <p>${strings.mailIgnore}</p>
    </main>
  </body>
</html>
`),
  }
}

/** Breaks addresses in a caller's words: mail programs turn them into links. */
const unlinked = (text: string): string => text.replaceAll(/(?<=\S)[.:/@](?=\S)/gu, '$&\u2060')

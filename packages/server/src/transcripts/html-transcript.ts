/** A transcript as one HTML page that loads nothing and runs nothing, and prints well. */
import type { Message } from '@chat-widget/protocol'
import { html } from '../text/html.ts'
import { textHtml } from '../text/markdown-html.ts'
import { oneLine } from '../text/one-line.ts'
import { authorName, contentText } from './message-words.ts'
import { TRANSCRIPT_POLICY, type TranscriptHead, type TranscriptWriter } from './transcript-writer.ts'

const NAME_LENGTH = 120

export function htmlTranscript(head: TranscriptHead): TranscriptWriter {
  const { app, conversation, words, timeZone, locale, direction } = head
  const title = words.title(oneLine(app.name, NAME_LENGTH))
  return {
    begin: () =>
      `${html`<!doctype html>
<html lang="${locale}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${TRANSCRIPT_POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --muted: #5b6470; --line: #d8dde3; --own: #e8f0ee; }
@media (prefers-color-scheme: dark) { :root { --muted: #a3acb8; --line: #3a424c; --own: #1d3a33; } }
body { font: 16px/1.5 system-ui, sans-serif; max-inline-size: 44rem; margin: 2rem auto; padding-inline: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: .9rem; margin: 2rem 0 1rem; padding-block-end: .25rem; border-block-end: 1px solid var(--line); break-after: avoid; }
p { margin: 0; }
.about, .who, .note { color: var(--muted); font-size: .85rem; }
.who b { color: CanvasText; font-weight: 600; }
article { margin-block: .9rem; break-inside: avoid; }
.text { white-space: pre-wrap; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; margin-block-start: .2rem; }
.own .text { background: var(--own); }
.note { text-align: center; white-space: pre-wrap; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
.gone { font-style: italic; color: var(--muted); }
@media print {
  :root { color-scheme: light; --muted: #444; --line: #999; --own: #fff; }
  body { font-size: 10.5pt; margin: 0; padding: 0; max-inline-size: none; }
  @page { margin: 18mm; }
}
</style>
</head>
<body>
<header>
<h1 dir="auto">${title}</h1>
<p class="about">${conversation.status === 'closed' && `${words.closedEvent} · `}${words.zone(timeZone)}</p>
</header>
<main>
`}`,
    message: (message, day) => `${html`${day !== null && html`<h2>${day}</h2>\n`}${rowOf(message, head)}\n`}`,
    end: () => '</main>\n</body>\n</html>\n',
  }
}

function rowOf(message: Message, head: TranscriptHead) {
  const name = authorName(message, head)
  const text = contentText(message, head)
  const at = html`<time datetime="${message.createdAt}">${head.time(message.createdAt)}</time>`
  if (name === null) return html`<p class="note"><span dir="auto">${text}</span> · ${at}</p>`
  const side = message.author.kind === 'visitor' ? 'own' : 'other'
  return html`<article class="${side}">
<p class="who"><b dir="auto">${name}</b> · ${at}${message.edited === true && ` · ${head.words.edited}`}</p>
<div class="${message.deleted ? 'text gone' : 'text'}" dir="auto">${textHtml(message, text)}</div>
</article>`
}

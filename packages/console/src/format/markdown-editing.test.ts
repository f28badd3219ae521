import { expect, it } from 'vitest'
import { type MarkdownFormat, markdownChange } from './markdown-editing.ts'

/** `[` and `]` stand where the selection begins and ends. */
function changed(format: MarkdownFormat, before: string): string {
  const start = before.indexOf('«')
  const end = before.indexOf('»') - 1
  const text = before.replace(/[«»]/g, '')
  const change = markdownChange(format, { text, start, end })
  const after = text.slice(0, change.from) + change.insert + text.slice(change.to)
  return `${after.slice(0, change.start)}«${after.slice(change.start, change.end)}»${after.slice(change.end)}`
}

it.each([
  ['bold', 'a «word» here', 'a **«word»** here'],
  ['bold', 'a **«word»** here', 'a «word» here'],
  ['bold', 'a« word »here', 'a **«word»** here'],
  ['italic', '«»', '*«»*'],
  ['italic', '**«word»**', '***«word»***'],
  ['italic', '***«word»***', '**«word»**'],
  ['bold', '*«word»*', '***«word»***'],
  ['bold', '***«word»***', '*«word»*'],
  ['code', '`«x = 1»`', '«x = 1»'],
  ['code', '«x = 1»', '`«x = 1»`'],
  ['list', 'one\nt«w»o', 'one\n- two«»'],
  ['list', '«one\ntwo»\nthree', '- one\n- two«»\nthree'],
  ['list', '- one\n- «two»', '- one\n«two»'],
  ['link', 'see «this»', 'see [this](«https://»)'],
  ['link', 'see «»', 'see [«»](https://)'],
] as const)('%s: %j becomes %j', (format, before, after) => {
  expect(changed(format, before)).toBe(after)
})

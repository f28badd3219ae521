/**
 * Draws Mermaid's sequence diagrams as HTML while the site is built: they wrap on a phone, can be read aloud and need no
 * script. Mermaid itself needs a browser and is larger than the rest of the site; the statements used here are few.
 */
import type { MarkdownRenderer } from 'vitepress'

type Statement =
  | { readonly kind: 'participant'; readonly id: string; readonly name: string }
  | {
      readonly kind: 'message'
      readonly from: string
      readonly to: string
      readonly isAnswer: boolean
      readonly text: string
    }
  | { readonly kind: 'note'; readonly over: readonly string[]; readonly text: string }
  | { readonly kind: 'block'; readonly label: string }
  | { readonly kind: 'branch'; readonly label: string }
  | { readonly kind: 'end' }

/** Words before the text of a line that opens a block, or a branch of one. */
const BLOCKS: Readonly<Record<string, string>> = { alt: 'If', par: 'At the same time', loop: 'Again' }
const BRANCHES: Readonly<Record<string, string>> = { else: 'Else', and: 'And' }

function parse(line: string): Statement {
  const participant = /^(?:participant|actor) (\w+)(?: as (.+))?$/.exec(line)
  if (participant) {
    const [, id = '', name = id] = participant
    return { kind: 'participant', id, name }
  }
  const message = /^(\w+)(--?>>)(\w+): (.+)$/.exec(line)
  if (message) {
    const [, from = '', arrow = '', to = '', text = ''] = message
    return { kind: 'message', from, to, isAnswer: arrow === '-->>', text }
  }
  const note = /^Note over ([\w,]+): (.+)$/.exec(line)
  if (note) return { kind: 'note', over: (note[1] ?? '').split(','), text: note[2] ?? '' }
  if (line === 'end') return { kind: 'end' }
  const [word = '', ...rest] = line.split(' ')
  const label = (start: string) => [start, ...rest].join(' ')
  if (BLOCKS[word] !== undefined) return { kind: 'block', label: label(BLOCKS[word]) }
  if (BRANCHES[word] !== undefined) return { kind: 'branch', label: label(BRANCHES[word]) }
  throw new Error(`a sequence diagram has a line that is not drawn: ${line}`)
}

/** Notes have more room than one lane, so that they stay legible on a phone. */
const WIDER = 0.75

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function draw(source: string): string {
  const [head, ...lines] = source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (head !== 'sequenceDiagram') throw new Error(`a diagram of another kind: ${head}`)
  const statements = lines.map(parse)
  const participants = statements.filter((statement) => statement.kind === 'participant')
  const laneOf = (id: string) => {
    const lane = participants.findIndex((participant) => participant.id === id)
    if (lane < 0) throw new Error(`a sequence diagram does not name ${id}`)
    return lane
  }
  const last = participants.length - 1
  /** Places an element over the lanes of these participants; `wider`: by how much at both sides, in lanes. */
  const over = (ids: readonly string[], wider = 0) => {
    const lanes = ids.map(laneOf)
    const [from, to] = [Math.min(...lanes), Math.max(...lanes)]
    return `style="--from:${Math.max(0, from - wider)};--to:${Math.min(last, to + wider)};--lanes-here:${to - from + 1}"`
  }
  const nameOf = (id: string) => escapeHtml(participants[laneOf(id)]?.name ?? id)
  const row = (statement: Statement): string => {
    switch (statement.kind) {
      case 'participant':
        return ''
      case 'note':
        return `<p class="note" ${over(statement.over, WIDER)}><span>${escapeHtml(statement.text)}</span></p>`
      case 'message': {
        const { from, to } = statement
        const way = from === to ? 'self' : laneOf(from) < laneOf(to) ? 'right' : 'left'
        const who = way === 'self' ? nameOf(from) : `${nameOf(from)} to ${nameOf(to)}`
        const answer = statement.isAnswer ? ' answer' : ''
        return `<p class="message ${way}${answer}" ${over([from, to], way === 'self' ? WIDER : 0)}><span><i>${who}: </i>${escapeHtml(statement.text)}</span></p>`
      }
      case 'block':
        return `<div class="block"><p class="label">${escapeHtml(statement.label)}</p>`
      case 'branch':
        return `<p class="label branch">${escapeHtml(statement.label)}</p>`
      case 'end':
        return '</div>'
    }
  }
  const names = participants.map(({ name }) => `<p>${escapeHtml(name)}</p>`).join('')
  const rows = `<div class="participants">${names}</div>${statements.map(row).join('')}`
  return `<div class="sequence" role="group" aria-label="Sequence diagram" style="--lanes:${participants.length}" v-pre>${rows}</div>`
}

/** Draws the blocks of language `mermaid`. */
export function sequenceDiagrams(md: MarkdownRenderer): void {
  const others = md.renderer.rules.fence
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]
    if (token?.info.trim() === 'mermaid') return draw(token.content)
    return others?.(tokens, index, options, env, self) ?? ''
  }
}

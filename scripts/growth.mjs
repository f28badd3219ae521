/** The table of docs/growth.md: what numbers of visitors cost, by a model of the bench's figures. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

const PAGE = join(ROOT, 'docs/growth.md')
const PLACE = /<!-- growth -->[\s\S]*<!-- \/growth -->/
const FIGURES = join(ROOT, 'scripts/growth-figures.json')
const HOUR_S = 3_600
const YEAR_DAYS = 365
const MONTH_DAYS = 30

/** @returns {import('./growth.mjs').Figures} */
export function readFigures() {
  const figures = Object.entries(JSON.parse(readFileSync(FIGURES, 'utf8')))
  return Object.fromEntries(figures.map(([name, { value }]) => [name, value]))
}

/** @param {import('./growth.mjs').Figures} figures @param {import('./growth.mjs').Visitors} visitors */
export function costOf(figures, visitors) {
  const { aDay, share, messages, minutes, peak, load } = visitors
  const chats = aDay * share
  const perSecond = (chats * messages * peak) / HOUR_S
  const connections = Math.ceil((chats * peak * minutes) / 60)
  const cores = perSecond / (figures.messagesPerCoreSecond * load)
  // A server uses one core for its visitors. One more, as each may end at any time.
  const needed = Math.max(1, Math.ceil(cores), Math.ceil(connections / figures.connectionsPerServer))
  const servers = needed + 1
  const memory = servers * figures.bytesPerServer + connections * figures.bytesPerConnection
  const diskAYear = chats * messages * YEAR_DAYS * figures.bytesPerMessage
  return { perSecond, connections, cores, servers, memory, diskAYear }
}

/** Assumptions of the table, which the page names. */
const USUAL = { share: 0.05, messages: 12, minutes: 10, peak: 0.12, load: 0.5 }
const ROWS = [
  ['a million visitors a month', { ...USUAL, aDay: 1e6 / MONTH_DAYS }],
  ['a million a day', { ...USUAL, aDay: 1e6 }],
  ['a million a day who all chat', { ...USUAL, aDay: 1e6, share: 1 }],
  ['a million chatting in one hour', { ...USUAL, aDay: 1e6, share: 1, peak: 1 }],
]

const round = (value) => (value < 10 ? Math.max(0.1, Math.round(value * 10) / 10) : Math.round(value))
const number = (value) => round(value).toLocaleString('en')
const gigabytes = (bytes) => `${number(bytes / 1e9)} GB`

function withTable(page) {
  const figures = readFigures()
  const rows = ROWS.map(([name, visitors]) => {
    const { perSecond, connections, cores, servers, memory, diskAYear } = costOf(figures, visitors)
    const cells = [number(perSecond), number(connections), number(cores), number(servers)]
    return `| ${[name, ...cells, gigabytes(memory), gigabytes(diskAYear)].join(' | ')} |`
  })
  const head =
    '| | messages a second, at the peak | connected at once | cores of chat servers | servers, one to spare | their memory | database, a year |'
  const table = [head, '| --- | --- | --- | --- | --- | --- | --- |', ...rows].join('\n')
  return page.replace(PLACE, () => `<!-- growth -->\n${table}\n<!-- /growth -->`)
}

export function writeGrowthPage() {
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8')))
}

export function growthPageProblems() {
  const page = readFileSync(PAGE, 'utf8')
  return withTable(page) === page ? [] : ['docs/growth.md has not the table of its figures: pnpm reports']
}

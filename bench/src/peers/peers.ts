/** The measurement `peers`: its table and its bounds. */
import { availableParallelism } from 'node:os'
import { chromiumLaunchOptions } from '../../../scripts/chromium.mjs'
import type { Measurement, Report } from '../measurement.ts'
import { type ChatFigures, measurePeers, OURS } from './measure-peers.ts'

/** The longest is shown once: one of the others takes two minutes for it. */
const LENGTHS = [
  { length: 100, views: 9, growingViews: 3 },
  { length: 1_000, views: 9, growingViews: 3 },
  { length: 10_000, views: 1, growingViews: 1 },
]
const asked = process.env['PEERS_LENGTHS']?.split(',').map(Number)
const { PEERS_BY: othersBy = 'socket' } = process.env
const chats = process.env['PEERS_CHATS']?.split(',')

export const peers: Measurement = {
  name: 'peers',
  async run() {
    if (othersBy !== 'socket' && othersBy !== 'page')
      throw new Error(`PEERS_BY is socket or page, not ${othersBy}`)
    return peersReportOf(
      await measurePeers({
        lengths: LENGTHS.filter(({ length }) => asked?.includes(length) ?? true),
        chats,
        othersBy,
        appends: 20,
        browser: chromiumLaunchOptions(),
        onMeasured: (chat) => process.stdout.write(`${nameOf(chat)}: ${shown(chat)}\n`),
      }),
    )
  },
}

/** With 100 messages the quickest of the others is quicker than this chat. */
const COMPARED: readonly {
  readonly what: string
  readonly bound: number
  figure(chat: ChatFigures): number
}[] = [
  { what: 'bytes', bound: 1, figure: ({ bytes }) => bytes },
  { what: 'time to usable history', bound: 1.5, figure: ({ usableMs }) => usableMs },
  { what: 'append', bound: 1.5, figure: ({ appendMs }) => appendMs },
  { what: 'memory', bound: 1, figure: ({ heapBytes }) => heapBytes },
]

/** Compares this chat with the best of the others, figure by figure; where it or all of them were left out, nothing. */
export function peersReportOf(measured: readonly ChatFigures[]): Report {
  const lengths = [...new Set(measured.map(({ length }) => length))]
  return {
    title: `one conversation in this chat and in others (${availableParallelism()} cores)`,
    figures: measured.map((chat) => ({ what: nameOf(chat), value: shown(chat) })),
    bounded: lengths.flatMap((length) => {
      const chats = measured.filter((chat) => chat.length === length)
      const ours = chats.find(({ name }) => name === OURS)
      const others = chats.filter(({ name }) => name !== OURS)
      if (ours === undefined || others.length === 0) return []
      return COMPARED.map(({ what, bound, figure }) => ({
        what: `${what} at ${length} ÷ the best of the others`,
        value: figure(ours) / Math.min(...others.map(figure)),
        bound,
      }))
    }),
  }
}

const nameOf = ({ name, length }: ChatFigures) => `${name} at ${length}`

const shown = ({ bytes, usableMs, appendMs, nodes, heapBytes, foreignRequests }: ChatFigures) =>
  [
    `${(bytes / 1_024).toFixed(1)} KB`,
    `${usableMs.toFixed(0)} ms to usable`,
    `${appendMs.toFixed(2)} ms an append`,
    `${nodes} nodes`,
    `${(heapBytes / 1_048_576).toFixed(1)} MiB`,
    `${foreignRequests} requests elsewhere`,
  ].join(', ')

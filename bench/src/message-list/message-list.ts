/** The measurement `message-list`: its table and its bounds. */
import { availableParallelism } from 'node:os'
import { chromiumLaunchOptions } from '../../../scripts/chromium.mjs'
import type { Measurement, Report } from '../measurement.ts'
import { type LengthFigures, measureMessageList } from './measure-message-list.ts'

const BOUNDS = { append: 2.5, nodes: 800, growth: 1.3 }
const LENGTHS = [100, 10_000]

export const messageList: Measurement = {
  name: 'message-list',
  async run() {
    const browser = chromiumLaunchOptions()
    return listReportOf(await measureMessageList({ lengths: LENGTHS, appends: 20, rounds: 5, browser }))
  },
}

/** Compares the first and the last of `measured`. */
export function listReportOf(measured: readonly LengthFigures[]): Report {
  const [short, long] = [measured.at(0), measured.at(-1)]
  if (short === undefined || long === undefined) throw new Error('there is no length to compare')
  const ms = (value: number) => `${value.toFixed(2)} ms`
  return {
    title: `a live message in the chat and in a bare Lit window of the same rows (${availableParallelism()} cores)`,
    figures: measured.flatMap(({ length, chat, bare }) => [
      { what: `main thread for an append at ${length}: chat`, value: ms(chat.appendMs) },
      { what: `main thread for an append at ${length}: bare`, value: ms(bare.appendMs) },
      { what: `DOM nodes of the bare window at ${length}`, value: String(bare.nodes) },
    ]),
    bounded: [
      ...measured.map(({ length, chat, bare }) => ({
        what: `append at ${length} ÷ bare Lit window`,
        value: chat.appendMs / bare.appendMs,
        bound: BOUNDS.append,
      })),
      {
        what: `append at ${long.length} ÷ append at ${short.length}`,
        value: long.chat.appendMs / short.chat.appendMs,
        bound: BOUNDS.growth,
      },
      { what: `DOM nodes of the chat at ${long.length}`, value: long.chat.nodes, bound: BOUNDS.nodes },
    ],
  }
}

/** The measurement `composer`: its table and its bound. */
import { availableParallelism } from 'node:os'
import { chromiumLaunchOptions } from '../../../scripts/chromium.mjs'
import type { Measurement, Report } from '../measurement.ts'
import { percentile } from '../percentile.ts'
import { type ComposerFigures, measureComposer } from './measure-composer.ts'

/**
 * The chat of before shared tabs, with a socket.io-client rewritten to be smaller, had 1.5 to 1.9 beside the same
 * reference: both pages compute for most of the time, so another process on the machine shows.
 */
const BOUND = 2.2

export const composer: Measurement = {
  name: 'composer',
  run: async () => composerReportOf(await measureComposer({ rounds: 20, browser: chromiumLaunchOptions() })),
}

export function composerReportOf({ chat, bare }: ComposerFigures): Report {
  const ms = (times: readonly number[]) => `${percentile(times, 0.5).toFixed(0)} ms`
  return {
    title: `a text field on a slowed page: the chat's, and one in Lit beside socket.io-client (${availableParallelism()} cores)`,
    figures: [
      { what: 'p50, page to text field: chat', value: ms(chat) },
      { what: 'p50, page to text field: bare', value: ms(bare) },
    ],
    bounded: [
      {
        what: 'p50, page to text field ÷ bare',
        value: percentile(chat, 0.5) / percentile(bare, 0.5),
        bound: BOUND,
      },
    ],
  }
}

/** The launcher's words in the page's language: a page view shows them before anything else is loaded. */
import { LOAD_FAILED, OPEN, OPEN_IN } from '../locales/launcher.ts'
import type { Overrides } from './overrides.ts'

/** The engine brings the words of the open chat, and the digits of its language. */
export interface LauncherWords {
  readonly open: string
  /** Shown beside the launcher if the chat's code could not be loaded. */
  readonly loadFailed: string
  readonly close?: string
  readonly unread?: (count: number) => string
  readonly number?: (value: number) => string
}

export function launcherWords(locale: string, { open: own, loadFailed }: Overrides): LauncherWords {
  const word = OPEN_IN[locale.split('-')[0] ?? '']
  const open = typeof own === 'string' ? own : (word ?? OPEN)
  // A sentence in each language would be a tenth of what a page view loads.
  const failed = word === undefined ? LOAD_FAILED : `${open} ✗`
  return { open, loadFailed: typeof loadFailed === 'string' ? loadFailed : failed }
}

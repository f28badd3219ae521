/** The launcher's words in the page's language: a page view shows them before anything else is loaded. */
import { LOAD_FAILED, NAME, NAMES, OPEN } from '../locales/launcher.ts'
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
  const [language] = locale.split('-') as [string]
  const isEnglish = language === 'en'
  const open = typeof own === 'string' ? own : isEnglish ? OPEN : (NAMES[language] ?? NAME)
  // A sentence in each language would be a tenth of what a page view loads.
  const failed = isEnglish ? LOAD_FAILED : `${open} ✗`
  return { open, loadFailed: typeof loadFailed === 'string' ? loadFailed : failed }
}

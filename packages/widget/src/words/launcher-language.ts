/** The launcher's words in the page's language. */
import { ARABIC_LAUNCHER } from './launcher-arabic.ts'
import { GERMAN_LAUNCHER } from './launcher-german.ts'
import { ENGLISH_LAUNCHER, type LauncherLabels } from './launcher-words.ts'
import { type Overrides, overridden } from './overrides.ts'

const LANGUAGES: Readonly<Record<string, LauncherLabels>> = { ar: ARABIC_LAUNCHER, de: GERMAN_LAUNCHER }

export function launcherWords(locale: string, overrides: Overrides): LauncherLabels {
  return overridden(LANGUAGES[locale.split('-')[0] ?? ''] ?? ENGLISH_LAUNCHER, overrides)
}

import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Language } from '../text/language.ts'
import { formatDistance, formatTime, stringsOf } from './locale.ts'

const SAMPLES: readonly Language[] = ['en', 'de', 'ar']
const AT = Date.UTC(2026, 0, 2, 3, 4)

const formatAll = () =>
  SAMPLES.flatMap((language) => [
    formatTime(AT, stringsOf(language)),
    formatDistance(AT, AT + 120_000, stringsOf(language)),
  ])

afterEach(() => vi.restoreAllMocks())

describe('times on the approval page', () => {
  it('read as the language has them, also where pages of several languages take turns', () => {
    const once = formatAll()
    expect(once.slice(0, 4)).toEqual([
      'Jan 2, 2026, 3:04 AM UTC',
      '2 minutes ago',
      '2. Jan. 2026, 03:04 UTC',
      'vor 2 Minuten',
    ])
    expect(new Set(once).size).toBe(6)
    expect(formatAll()).toEqual(once)
  })

  it('make no format for a page of a language that was there before', () => {
    formatAll()
    const time = vi.spyOn(Intl, 'DateTimeFormat')
    const distance = vi.spyOn(Intl, 'RelativeTimeFormat')
    formatAll()
    expect(time).not.toHaveBeenCalled()
    expect(distance).not.toHaveBeenCalled()
  })
})

import { createFormats } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { minutesAndSeconds } from './countdown.ts'

it('writes the time left with two digits each, as the locale has them', () => {
  const timesIn = (locale: string) =>
    [845, 65, 0].map((seconds) => minutesAndSeconds(seconds, createFormats(locale)))
  expect(timesIn('en')).toEqual(['14:05', '01:05', '00:00'])
  expect(timesIn('ar-EG')).toEqual(['١٤:٠٥', '٠١:٠٥', '٠٠:٠٠'])
})

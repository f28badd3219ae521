import { expect, it } from 'vitest'
import { createHours, daysOf, type HoursConfig, readHours } from './hours.ts'
import { isTimeZone } from './time-zone.ts'

const BERLIN: HoursConfig = { timeZone: 'Europe/Berlin', open: { 'mon-fri': '09:00-17:00' } }

/** State at an instant, with the change as an instant too. */
function at(config: HoursConfig, time: string) {
  const { isOpen, changesAt } = createHours(config)(Date.parse(time))
  return [isOpen, changesAt === null ? null : new Date(changesAt).toISOString()]
}

it('[WH2] the week is that of the time zone', () => {
  // A Friday, in winter: UTC+1.
  expect(at(BERLIN, '2026-11-27T07:59:59Z')).toEqual([false, '2026-11-27T08:00:00.000Z'])
  expect(at(BERLIN, '2026-11-27T08:00:00Z')).toEqual([true, '2026-11-27T16:00:00.000Z'])
  expect(at(BERLIN, '2026-11-27T16:00:00Z')).toEqual([false, '2026-11-30T08:00:00.000Z'])
  // Sunday in UTC is Monday in Auckland already.
  const auckland = { timeZone: 'Pacific/Auckland', open: { mon: ['08:00-12:00', '13:00-17:00'] } }
  expect(at(auckland, '2026-11-29T19:00:00Z')).toEqual([true, '2026-11-29T23:00:00.000Z'])
  expect(at(auckland, '2026-11-29T23:30:00Z')).toEqual([false, '2026-11-30T00:00:00.000Z'])
})

it('[WH2] opening hours keep their time of day when daylight saving time begins and ends', () => {
  // Berlin goes from UTC+1 to UTC+2 on 29 March, a Sunday, and back on 25 October.
  expect(at(BERLIN, '2026-03-27T20:00:00Z')).toEqual([false, '2026-03-30T07:00:00.000Z'])
  expect(at(BERLIN, '2026-10-23T20:00:00Z')).toEqual([false, '2026-10-26T08:00:00.000Z'])
  // Open over the change: the day has 23 hours, and 25.
  const always = { timeZone: 'Europe/Berlin', open: { sun: '00:00-24:00' } }
  expect(at(always, '2026-03-29T12:00:00Z')).toEqual([true, '2026-03-29T22:00:00.000Z'])
  expect(at(always, '2026-10-25T12:00:00Z')).toEqual([true, '2026-10-25T23:00:00.000Z'])
})

it('[WH2] a time that is left out comes later by the hour, and of one that comes twice the first counts', () => {
  const berlin = { timeZone: 'Europe/Berlin', open: { sun: '02:30-05:00' } }
  // 02:30 is 03:30.
  expect(at(berlin, '2026-03-29T00:00:00Z')).toEqual([false, '2026-03-29T01:30:00.000Z'])
  // 02:30 is at UTC+2 and at UTC+1.
  expect(at(berlin, '2026-10-25T00:00:00Z')).toEqual([false, '2026-10-25T00:30:00.000Z'])
  const until = { timeZone: 'Europe/Berlin', open: { sun: '01:00-02:30' } }
  expect(at(until, '2026-10-25T00:29:59Z')).toEqual([true, '2026-10-25T00:30:00.000Z'])
  expect(at(until, '2026-10-25T01:15:00Z')[0]).toBe(false)
  // West of Greenwich: New York, 8 March.
  const newYork = { timeZone: 'America/New_York', open: { sun: '02:30-05:00' } }
  expect(at(newYork, '2026-03-08T06:00:00Z')).toEqual([false, '2026-03-08T07:30:00.000Z'])
})

it('[WH2] hours may go on past midnight, days may be left out, and without any it is always open', () => {
  const bar = { timeZone: 'Europe/Lisbon', open: { 'fri-sat': '22:00-02:00' }, closed: ['2026-11-28'] }
  expect(at(bar, '2026-11-28T01:00:00Z')).toEqual([true, '2026-11-28T02:00:00.000Z'])
  expect(at(bar, '2026-11-28T23:00:00Z')).toEqual([false, '2026-12-04T22:00:00.000Z'])
  expect(at({ timeZone: 'UTC' }, '2026-11-28T23:00:00Z')).toEqual([true, null])
  expect(at({ timeZone: 'UTC', open: {} }, '2026-11-28T23:00:00Z')).toEqual([false, null])
})

it('[WH2] one state holds until it changes, also if the clock is set back', () => {
  const stateAt = createHours(BERLIN)
  const open = stateAt(Date.parse('2026-11-27T12:00:00Z'))
  expect(stateAt(Date.parse('2026-11-27T15:59:59Z'))).toBe(open)
  expect(stateAt(Date.parse('2026-11-27T16:00:00Z')).isOpen).toBe(false)
  expect(stateAt(Date.parse('2026-11-27T07:00:00Z')).isOpen).toBe(false)
  expect(stateAt(Date.parse('2026-11-27T08:00:00Z')).isOpen).toBe(true)
})

it('[WH2] days, times and time zones are read strictly', () => {
  expect([daysOf('sat'), daysOf('fri-mon'), daysOf('mon-mon')]).toEqual([[6], [5, 6, 0, 1], [1]])
  expect([daysOf('Mon'), daysOf(''), daysOf('mon-'), daysOf('mon-tue-wed')]).toEqual([null, null, null, null])
  expect(readHours('22:00-02:00')).toEqual({ from: 1320, to: 1560 })
  expect(['9:00-17:00', '24:00-25:00', '09:60-10:00', '09:00-09:00', '09:00'].map(readHours)).toEqual(
    Array(5).fill(null),
  )
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', '+02:00', ''].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

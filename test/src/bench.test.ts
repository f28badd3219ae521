/** The measurements of `pnpm bench`, at a size too small to measure: tests that they run, and their checks. */
import {
  brokenBounds,
  type ChatFigures,
  type ComposerFigures,
  composerReportOf,
  deliveryReportOf,
  type LengthFigures,
  listReportOf,
  measureComposer,
  measureMessageList,
  measureWaiting,
  OURS,
  peersReportOf,
  reportOf,
  requireOpenFiles,
  table,
  type WaitingFigures,
} from '@chat-widget/bench'
import { describe, expect, it } from 'vitest'
import { chromiumLaunchOptions } from '../../scripts/chromium.mjs'

describe('callers that wait for authentication requests', () => {
  it('are all answered with what was decided for them, and only then', async () => {
    const figures = await measureWaiting({ callers: 50, inFlight: 5, seed: 4, timeoutMs: 60_000 })
    expect(figures).toMatchObject({ callers: 50, wronglyAnswered: 0, answeredEarly: 0 })
    expect(figures.approved + figures.denied).toBe(50)
    expect(figures.approved).toBeGreaterThan(0)
    expect(figures.denied).toBeGreaterThan(0)
    for (const times of [
      figures.fromDecided,
      figures.fromSent,
      figures.fromSentOfFew,
      figures.decisions,
      figures.bare,
    ]) {
      expect(times).toHaveLength(50)
      expect(times.every((time) => Number.isFinite(time) && time >= 0)).toBe(true)
    }
    expect(table(reportOf(figures))).toContain('50 callers wait at once')
  })

  const good: WaitingFigures = {
    callers: 2,
    approved: 1,
    denied: 1,
    wronglyAnswered: 0,
    answeredEarly: 0,
    acceptMs: 1,
    decideMs: 1,
    fromDecided: [1, 1],
    fromSent: [2, 2],
    fromSentOfFew: [2, 2],
    decisions: [2, 2],
    bare: [1, 1],
    memoryPerCaller: 10_000,
  }

  it('break no bound when all is well', () => {
    expect(brokenBounds(reportOf(good))).toEqual([])
  })

  it.each<[string, Partial<WaitingFigures>]>([
    ['callers without their answer is 1,', { denied: 0 }],
    ['callers with another answer is 1,', { wronglyAnswered: 1 }],
    ['callers answered before the decision is 1,', { answeredEarly: 1 }],
    ['p99, decision answered to caller answered ÷ bare is 100,', { fromDecided: [1, 100] }],
    ['p99, decision sent to caller answered ÷ bare is 100,', { fromSent: [1, 100] }],
    ['p50 of the same ÷ with few callers waiting is 4,', { fromSentOfFew: [0.5, 0.5] }],
    ['memory of the server per waiting caller is 977 KiB,', { memoryPerCaller: 1_000_000 }],
  ])('break a bound: %s', (problem, changes) => {
    expect(brokenBounds(reportOf({ ...good, ...changes }))).toEqual([expect.stringContaining(problem)])
  })

  it('break a bound where nothing was measured', () => {
    expect(brokenBounds(reportOf({ ...good, fromDecided: [] }))).toHaveLength(1)
  })

  it('are not begun where a process may open too few files, and it is said what to do', () => {
    expect(() => requireOpenFiles(5_020, 1_024)).toThrow(
      '5020 connections need 5220 open files, and a process may have 1024 here: raise it with `ulimit -n 5220`',
    )
    expect(() => requireOpenFiles(5_020, 5_220)).not.toThrow()
  })
})

describe('a stored message and that of a bare relay', () => {
  const figures = (cpuMs: number, databaseMs = 0) => ({ cpuMs, databaseMs, rate: 800, times: [1, 2] })
  const round = {
    ...{ relay: figures(0.1), sqlite: figures(0.39) },
    ...{ postgres: figures(0.39, 0.2), twoNodes: figures(0.6, 0.2) },
  }
  const good = {
    rounds: [round, round, round],
    idle: { relay: 10_000, sqlite: 14_000 },
    crossing: { near: [1, 1], across: [2, 2] },
  }
  const slow = { ...round, sqlite: figures(0.41), postgres: figures(0.41) }

  it('break no bound when all is well, or one round is not', () => {
    expect(brokenBounds(deliveryReportOf(good))).toEqual([])
    expect(brokenBounds(deliveryReportOf({ ...good, rounds: [round, slow, round] }))).toEqual([])
    expect(table(deliveryReportOf(good))).toContain('PostgreSQL itself 200 µs')
  })

  it.each<[string, Partial<typeof good>]>([
    ['CPU of a message, SQLite ÷ relay is 4.1,', { rounds: [slow, slow, round] }],
    ['CPU of a message, PostgreSQL ÷ relay is 4.1,', { rounds: [slow, slow, round] }],
    ['memory of an idle connection, SQLite ÷ relay is 1.6,', { idle: { relay: 10_000, sqlite: 16_000 } }],
    [
      'p99 of delivery from server to server ÷ on one server is 4,',
      { crossing: { near: [1, 1], across: [2, 4] } },
    ],
  ])('break a bound: %s', (problem, changes) => {
    expect(brokenBounds(deliveryReportOf({ ...good, ...changes }))).toContainEqual(
      expect.stringContaining(problem),
    )
  })
})

describe('a live message in the chat and in a bare Lit window', () => {
  it('is appended in both, at each length, and costs both something', async () => {
    const browser = chromiumLaunchOptions()
    const measured = await measureMessageList({ lengths: [10, 70], appends: 2, rounds: 1, browser })
    expect(measured.map(({ length }) => length)).toEqual([10, 70])
    for (const { chat, bare } of measured)
      for (const { appendMs, nodes } of [chat, bare]) {
        expect(Number.isFinite(appendMs)).toBe(true)
        expect(nodes).toBeGreaterThan(10)
      }
    expect(table(listReportOf(measured))).toContain('append at 70 ÷ bare Lit window')
  })

  const good: readonly LengthFigures[] = [100, 10_000].map((length) => ({
    length,
    chat: { appendMs: 2, nodes: 600 },
    bare: { appendMs: 1, nodes: 900 },
  }))
  const [short, long] = good as [LengthFigures, LengthFigures]

  it('breaks no bound when all is well', () => {
    expect(brokenBounds(listReportOf(good))).toEqual([])
  })

  it.each<[string, readonly LengthFigures[]]>([
    ['append at 100 ÷ bare Lit window is 3,', [{ ...short, chat: { appendMs: 3, nodes: 600 } }, long]],
    ['append at 10000 ÷ bare Lit window is 2.6,', [short, { ...long, chat: { appendMs: 2.6, nodes: 600 } }]],
    [
      'append at 10000 ÷ append at 100 is 1.4,',
      [
        { ...short, chat: { appendMs: 1.7, nodes: 600 } },
        { ...long, chat: { appendMs: 2.38, nodes: 600 } },
      ],
    ],
    ['DOM nodes of the chat at 10000 is 801,', [short, { ...long, chat: { appendMs: 2, nodes: 801 } }]],
  ])('breaks a bound: %s', (problem, measured) => {
    expect(brokenBounds(listReportOf(measured))).toContainEqual(expect.stringContaining(problem))
  })
})

describe('the text field of an open chat and a bare one', () => {
  it('can both be used on a slowed page, after a while', async () => {
    const figures = await measureComposer({
      rounds: 1,
      browser: chromiumLaunchOptions({ prefersShell: true }),
    })
    for (const times of [figures.chat, figures.bare]) expect(times).toEqual([expect.toSatisfy(isTime)])
    expect(table(composerReportOf(figures))).toContain('page to text field ÷ bare')
  })

  const isTime = (value: number) => Number.isFinite(value) && value > 0
  const good: ComposerFigures = { chat: [150, 140, 160], bare: [100, 100, 100] }

  it('breaks its bound where the chat takes too long, and not else', () => {
    expect(brokenBounds(composerReportOf(good))).toEqual([])
    expect(brokenBounds(composerReportOf({ ...good, chat: [400, 100, 400] }))).toEqual([
      expect.stringContaining('page to text field ÷ bare is 4,'),
    ])
  })
})

describe('this chat and others of the registry', () => {
  const peer: ChatFigures = {
    name: 'another',
    length: 100,
    bytes: 100_000,
    usableMs: 200,
    appendMs: 4,
    nodes: 500,
    heapBytes: 5_000_000,
    foreignRequests: 0,
  }
  const slower = {
    ...peer,
    name: 'a slower one',
    bytes: 300_000,
    usableMs: 900,
    appendMs: 9,
    heapBytes: 9_000_000,
  }
  const brokenWith = (ours: Partial<ChatFigures>) =>
    brokenBounds(peersReportOf([peer, slower, { ...peer, bytes: 40_000, ...ours, name: OURS }]))

  it('are compared with the best of the others', () => {
    expect(brokenWith({})).toEqual([])
  })

  it('are not compared where this chat or all others were left out', () => {
    for (const chats of [[peer, slower], [{ ...peer, name: OURS }]])
      expect(peersReportOf(chats)).toMatchObject({ figures: chats.map(() => ({})), bounded: [] })
  })

  it.each<[string, Partial<ChatFigures>]>([
    ['bytes at 100 ÷ the best of the others is 1.1,', { bytes: 110_000 }],
    ['time to usable history at 100 ÷ the best of the others is 2,', { usableMs: 400 }],
    ['append at 100 ÷ the best of the others is 1.75,', { appendMs: 7 }],
    ['memory at 100 ÷ the best of the others is 1.2,', { heapBytes: 6_000_000 }],
    ['time to usable history at 100 ÷ the best of the others is NaN,', { usableMs: Number.NaN }],
  ])('break a bound: %s', (problem, ours) => {
    expect(brokenWith(ours)).toEqual([expect.stringContaining(problem)])
  })
})

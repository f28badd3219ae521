import type { BuiltInLoginState } from '@chat-widget/client/built-in-login'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { deepActive, find, findAll, finishTransitions, textOf } from '../../looking.testing.ts'
import { mount } from '../elements/element.testing.ts'
import { loadWords } from '../load-strings.ts'
import type { ChatSignIn, SignInActions } from './chat-sign-in.ts'
import './chat-sign-in.ts'
import { waiting } from './fake-login.testing.ts'

const IDLE: BuiltInLoginState = { status: 'idle', problem: null }
const ASKING: BuiltInLoginState = { status: 'asking', method: 'email', address: 'ada@example.com' }

const setup = async (properties: Partial<ChatSignIn> = {}) => {
  const actions = {
    ask: vi.fn<SignInActions['ask']>(async () => {}),
    resend: vi.fn<SignInActions['resend']>(async () => {}),
    cancel: vi.fn<SignInActions['cancel']>(),
  }
  const { element } = mount<ChatSignIn>('chat-widget-sign-in', {
    state: IDLE,
    methods: ['email', 'identifier'],
    actions,
    ...properties,
  })
  await element.updateComplete
  const setState = async (state: BuiltInLoginState) => {
    element.state = state
    await element.updateComplete
  }
  return { element, actions, setState }
}

const field = (element: ChatSignIn) => find(element, '[part=sign-in-input]') as HTMLInputElement
const button = (element: ChatSignIn, label: string) =>
  findAll(element, 'button').find((one) => one.textContent?.includes(label)) as HTMLButtonElement
/** Announcements for screen readers, assertive or polite. */
const told = (element: ChatSignIn) => find(element, '.sr[role=status]')?.textContent?.trim()
const alerted = (element: ChatSignIn) => find(element, '[role=alert]')?.textContent?.trim()

describe('<chat-widget-sign-in>', () => {
  it('renders nothing before it is known what is under way', async () => {
    const { element } = await setup({ state: { status: 'loading' } })
    expect(textOf(element)).toBe('')
  })

  it('is accessible in every state', async () => {
    await setup()
    await setup({ methods: ['identifier'] })
    await setup({ state: { status: 'idle', problem: { code: 'bad-request', retryAt: null } } })
    await setup({ state: ASKING, online: false })
    await setup({ state: waiting() })
    await setup({ state: waiting({ resendAt: 0, problem: { code: 'internal', retryAt: null } }) })
    await setup({ state: { status: 'signing-in' } })
    await expect(document.body).to.be.accessible()
  })

  describe('whom to ask', () => {
    it('[AR14] has a field that phones know how to fill in, for each method', async () => {
      const { element } = await setup()
      expect(field(element)).toMatchObject({ type: 'email', autocomplete: 'email', inputMode: 'email' })
      await userEvent.click(find(element, 'label:nth-of-type(2)')!)
      expect(field(element)).toMatchObject({ type: 'text', autocomplete: 'off', inputMode: 'numeric' })
      expect(field(element).labels?.[0]?.textContent).toBe('Your ten digits')
    })

    it('[AR14] offers no choice where there is none', async () => {
      const { element } = await setup({ methods: ['identifier'] })
      expect(find(element, '[type=radio]')).toBeNull()
      await userEvent.type(field(element), '111 222 3334{Enter}')
    })

    it('[AR14] asks for the address, as the server writes it', async () => {
      const { element, actions } = await setup({ methods: ['identifier'] })
      await userEvent.type(field(element), '111 222 3334{Enter}')
      expect(actions.ask.mock.calls).toEqual([['identifier', '1112223334']])
    })

    it('asks once, however often it is clicked', async () => {
      const { element, actions } = await setup()
      actions.ask.mockReturnValue(new Promise(() => {}))
      await userEvent.type(field(element), 'ada@example.com')
      await userEvent.dblClick(button(element, 'Continue'))
      expect(actions.ask).toHaveBeenCalledTimes(1)
    })

    it('asks again after a try that came to nothing', async () => {
      const { element, actions, setState } = await setup()
      await userEvent.type(field(element), 'ada@example.com{Enter}')
      await setState(ASKING)
      await setState({ status: 'idle', problem: { code: 'internal', retryAt: null } })
      expect(alerted(element)).toBe('That did not work. Please try again.')
      await userEvent.click(button(element, 'Continue'))
      expect(actions.ask).toHaveBeenCalledTimes(2)
    })

    it('says what is wrong with an address, beside it, aloud, and with focus in it', async () => {
      const { element, actions } = await setup()
      await userEvent.type(field(element), 'ada')
      await userEvent.click(button(element, 'Continue'))
      await vi.waitFor(() => expect(alerted(element)).toContain('Please enter an email address'))
      expect(actions.ask).not.toHaveBeenCalled()
      expect(deepActive()).toBe(field(element))
      expect(field(element).getAttribute('aria-invalid')).toBe('true')
      expect(field(element).getAttribute('aria-describedby')).toBe(find(element, '[role=alert]')?.id)
    })

    it('takes it back when another method is chosen', async () => {
      const { element } = await setup()
      await userEvent.click(button(element, 'Continue'))
      await vi.waitFor(() => expect(alerted(element)).not.toBe(''))
      await userEvent.click(find(element, 'label:nth-of-type(2)')!)
      expect(alerted(element)).toBe('')
    })

    it('can be chosen and sent with the keyboard alone', async () => {
      const { element, actions } = await setup()
      field(element).focus()
      await userEvent.keyboard('{Shift>}{Tab}{/Shift}{ArrowRight}{Tab}1112223334{Tab}{Enter}')
      expect(actions.ask.mock.calls).toEqual([['identifier', '1112223334']])
    })

    it.each([
      [4.2 * 60_000, 'Too many requests. Try again in 5 minutes.'],
      [20_000, 'Too many requests. Try again in a minute.'],
      [null, 'Too many requests. Please try again later.'],
    ])('[AR7] says when it may be tried again: %s', async (ms, text) => {
      const retryAt = ms === null ? null : Date.now() + ms
      const { element } = await setup({
        state: { status: 'idle', problem: { code: 'rate-limited', retryAt } },
      })
      expect(alerted(element)).toBe(text)
    })

    it('keeps focus and keyboard while it asks', async () => {
      const { element, actions, setState } = await setup()
      await userEvent.type(field(element), 'ada@example.com')
      button(element, 'Continue').focus()
      await setState(ASKING)
      expect(deepActive()).toBe(button(element, 'One moment…'))
      expect(deepActive()).toMatchObject({ disabled: false, ariaDisabled: 'true' })
      await userEvent.keyboard('{Enter}')
      expect(actions.ask).not.toHaveBeenCalled()
      await userEvent.keyboard('{Tab}{Enter}')
      expect(actions.cancel).toHaveBeenCalledTimes(1)
    })

    it('says that it waits for a connection', async () => {
      const { element } = await setup({ state: ASKING, online: false })
      expect(textOf(element)).toContain('Waiting for a connection…')
    })

    it('is canceled by Escape, which goes no further', async () => {
      const { element, actions } = await setup()
      const further = vi.fn()
      document.addEventListener('keydown', further)
      field(element).focus()
      await userEvent.keyboard('{Escape}')
      document.removeEventListener('keydown', further)
      expect(actions.cancel).toHaveBeenCalledTimes(1)
      expect(further).not.toHaveBeenCalled()
    })
  })

  describe('the wait', () => {
    beforeEach(() => {
      vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date', 'setInterval', 'clearInterval'] })
    })
    afterEach(() => void vi.useRealTimers())

    const pass = async (element: ChatSignIn, seconds: number) => {
      vi.advanceTimersByTime(seconds * 1_000)
      await element.updateComplete
    }
    const timeLeft = (element: ChatSignIn) => find(element, '.time')?.textContent

    it('[AR6] does not tell whether there is such a person', async () => {
      const { element, setState } = await setup({ state: waiting() })
      expect(textOf(element)).toContain(
        'If \u2066ada@example.com\u2069 can be reached, an email is on its way.',
      )
      await setState(waiting({ method: 'identifier', address: '1112223334' }))
      expect(textOf(element)).toContain('If \u2066111 222 3334\u2069 can be reached')
    })

    it('[AR2] shows the code large and in two groups, and says it digit by digit', async () => {
      const { element } = await setup({ state: waiting() })
      const [heard, seen] = find(element, '[part=sign-in-code]')!.children
      expect(heard?.textContent?.trim()).toBe('Code 4 2 1 7 0 9')
      expect(seen?.getAttribute('aria-hidden')).toBe('true')
      expect([...seen!.children].map(({ textContent }) => textContent)).toEqual(['421', '709'])
      expect(Number.parseFloat(getComputedStyle(seen!).fontSize)).toBeGreaterThanOrEqual(26)
    })

    it('[AR14] counts down without a word, but for the last minute', async () => {
      const { element } = await setup({ state: waiting({ expiresAt: Date.now() + 62_000 }) })
      const first = told(element)
      expect(timeLeft(element)).toBe('01:02')
      expect(find(element, '[role=timer]')?.getAttribute('aria-live')).toBe('off')
      await pass(element, 1)
      expect([timeLeft(element), told(element)]).toEqual(['01:01', first])
      await pass(element, 1)
      expect([timeLeft(element), told(element)]).toEqual(['01:00', 'One minute left.'])
      await pass(element, 90)
      expect(timeLeft(element)).toBe('00:00')
    })

    it('[AR14] asks again after the cooldown only, and says how long it is', async () => {
      const { element, actions } = await setup({ state: waiting() })
      expect(button(element, 'Send again')).toMatchObject({ disabled: false, ariaDisabled: 'true' })
      expect(button(element, 'Send again').textContent).toContain('00:30')
      button(element, 'Send again').focus()
      await userEvent.keyboard('{Enter}')
      expect(told(element)).toBe('You can ask again in 30 seconds.')
      expect(actions.resend).not.toHaveBeenCalled()
      await pass(element, 30)
      expect(button(element, 'Send again').textContent).not.toContain('00:')
      await userEvent.keyboard('{Enter}')
      expect(actions.resend).toHaveBeenCalledTimes(1)
      expect(deepActive()).toBe(button(element, 'Send again'))
    })

    it('[AR14] says what to do, and each new code', async () => {
      const { element, setState } = await setup({ state: ASKING })
      await setState(waiting())
      expect(told(element)).toMatch(/^If .* enter this code: Code 4 2 1 7 0 9$/)
      await setState(waiting({ bindingCode: '005113' }))
      expect(told(element)).toBe('There is a new code; the one before is no longer good. Code 0 0 5 1 1 3')
    })

    it('[AR7] says when the person may be asked again, until then', async () => {
      const { element, setState } = await setup({ state: waiting({ resendAt: 0 }) })
      await setState(
        waiting({ resendAt: 0, problem: { code: 'rate-limited', retryAt: Date.now() + 90_000 } }),
      )
      expect(alerted(element)).toBe('Too many requests. Try again in 2 minutes.')
      expect(button(element, 'Send again').ariaDisabled).toBe('true')
      await pass(element, 90)
      expect(alerted(element)).toBe('')
      expect(button(element, 'Send again').ariaDisabled).toBe('false')
    })

    it('[AR7] says when whoever is asked may be chosen again, until then', async () => {
      const problem = { code: 'rate-limited', retryAt: Date.now() + 90_000 } as const
      const { element } = await setup({ state: { status: 'idle', problem } })
      await pass(element, 89)
      expect(alerted(element)).toBe('Too many requests. Try again in 2 minutes.')
      await pass(element, 1)
      expect(alerted(element)).toBe('')
    })

    it('says that it waits for a connection, and goes on', async () => {
      const { element } = await setup({ state: waiting(), online: false })
      expect(textOf(element)).toContain('Waiting for a connection…')
      await pass(element, 1)
      expect(timeLeft(element)).toBe('14:59')
    })

    it('takes whoever was in the field along, from step to step', async () => {
      const { element, setState } = await setup()
      field(element).focus()
      await setState(waiting())
      expect(deepActive()?.textContent?.trim()).toBe('Check your email')
      await setState({ status: 'signing-in' })
      expect(deepActive()?.textContent?.trim()).toBe('Signing you in…')
    })

    it('leaves Escape to the panel: what is under way goes on', async () => {
      const { element, actions } = await setup({ state: waiting() })
      button(element, 'Cancel').focus()
      await userEvent.keyboard('{Escape}')
      expect(actions.cancel).not.toHaveBeenCalled()
      await userEvent.keyboard('{Enter}')
      expect(actions.cancel).toHaveBeenCalledTimes(1)
    })

    it('has no timer left when it is gone', async () => {
      const { element } = await setup({ state: waiting() })
      expect(vi.getTimerCount()).toBe(1)
      element.remove()
      expect(vi.getTimerCount()).toBe(0)
    })
  })

  it.each(['de', 'ar'])('has targets of at least 24 px and fits 320 px in %s', async (locale) => {
    const words = await loadWords(locale, {}, () => {})
    for (const state of [IDLE, waiting()]) {
      const { element } = await setup({ words, state })
      element.parentElement!.style.width = '320px'
      element.parentElement!.dir = locale === 'ar' ? 'rtl' : 'ltr'
      finishTransitions()
      expect(element.scrollWidth).toBeLessThanOrEqual(element.clientWidth)
      for (const target of findAll(element, 'button, input')) {
        const { width, height } = target.getBoundingClientRect()
        expect([target.outerHTML, Math.min(width, height) >= 24]).toEqual([target.outerHTML, true])
      }
    }
  })
})

/** The mail's HTML part and the mailbox's page in Chromium. */
import { pino } from 'pino'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CREATED_AT, requestRecord } from '../authentication-requests/fake-requests.testing.ts'
import { requestMail } from '../authentication-requests/request-mail.ts'
import { createHttpServer } from '../http/http-server.ts'
import { useChromium, violations } from '../text/chromium.testing.ts'
import { createMailbox } from './mailbox.ts'
import { registerMailbox } from './mailbox-routes.ts'

const browser = useChromium()

const mail = (language: 'en' | 'de' | 'ar') =>
  requestMail({
    record: requestRecord({ binding: 'code' }),
    appName: 'Northwind',
    link: 'https://chat.example.com/a/token',
    language,
    now: CREATED_AT,
  })

/** In the dark only colours differ. */
async function expectNoViolations(page: Page): Promise<void> {
  expect(await violations(page), 'in light').toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, ['color-contrast']), 'in dark').toEqual([])
}

describe('in light and in dark', () => {
  it.each(['en', 'de', 'ar'] as const)('the HTML part has no violation: %s', async (language) => {
    const page = await browser.page({ colorScheme: 'light', viewport: { width: 320, height: 640 } })
    await page.setContent(mail(language).html)
    await expectNoViolations(page)
    expect(await page.getByRole('link').count()).toBe(1)
  })

  it('/dev/mailbox has no violation', async () => {
    const mailbox = createMailbox()
    const http = createHttpServer(pino({ level: 'silent' }))
    registerMailbox(http, mailbox)
    onTestFinished(() => http.close())
    const { signal } = new AbortController()
    await mailbox.send({ to: 'alex@example.com', ...mail('ar'), signal })
    await mailbox.send({ to: 'alex@example.com', ...mail('en'), signal })
    const page = await browser.page({ colorScheme: 'light' })
    await page.goto(`${await http.listen({ host: '127.0.0.1', port: 0 })}/dev/mailbox`)
    await expectNoViolations(page)
    await page.getByRole('link', { name: 'https://chat.example.com/a/token' }).first().waitFor()
  })
})

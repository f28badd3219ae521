import { describe, expect, it, onTestFinished } from 'vitest'
import {
  BINDING_CODE,
  CREATED_AT,
  LINK_TOKEN,
  NONCE,
} from '../../authentication-requests/fake-requests.testing.ts'
import { LINK_PATH, startApprovalPage } from './approval-page.testing.ts'

type Options = Parameters<typeof startApprovalPage>[0]

async function approvalPage(options?: Options) {
  const page = await startApprovalPage(options)
  onTestFinished(() => page.close())
  return page
}

const withCode: Options = { record: { binding: 'code' } }
const headingOf = (body: string) => /<h1>(.*?)<\/h1>/su.exec(body)?.[1]

describe('looking', () => {
  it('[AR1] 1,000 GETs and HEADs decide nothing, and the request is still there to be decided', async () => {
    const page = await approvalPage(withCode)
    for (let count = 0; count < 500; count += 1) {
      const responses = await Promise.all(
        (['GET', 'HEAD'] as const).map((method) =>
          page.http.inject({
            method,
            url: `${LINK_PATH}?decision=approve&nonce=${NONCE}&code=${BINDING_CODE}`,
          }),
        ),
      )
      expect(responses.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    }
    expect(page.fake.views).toHaveLength(1000)
    expect(page.fake.decisions).toEqual([])
    expect(page.fake.record.status).toBe('pending')
  })

  it('[AR1] a HEAD is answered like a GET, without the page', async () => {
    const page = await approvalPage()
    const head = await page.http.inject({ method: 'HEAD', url: LINK_PATH })
    expect(head.headers['content-length']).toBe((await page.get()).headers['content-length'])
    expect(head.body).toBe('')
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('[AR1] a %s decides nothing', async (method) => {
    const page = await approvalPage()
    const { statusCode } = await page.http.inject({ method, url: LINK_PATH })
    expect(statusCode).toBe(404)
    expect(page.fake.decisions).toEqual([])
  })

  it('[AR1] the page is not stored, sends no referrer, stands in no frame, runs no script, is not indexed', async () => {
    const page = await approvalPage()
    for (const { headers } of [
      await page.get(),
      await page.post({ decision: 'deny' }),
      await page.get('/a/other'),
    ])
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-robots-tag': 'noindex',
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      })
  })

  it('brings its stylesheet as a file that may be kept, from its own origin', async () => {
    const page = await approvalPage()
    const { body } = await page.get()
    const [, href] = /<link rel="stylesheet" href="([^"]+)">/u.exec(body) ?? []
    const sheet = await page.get(href)
    expect(sheet.statusCode).toBe(200)
    expect(sheet.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(body).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/iu)
  })
})

describe('what the approver sees', () => {
  it('[AR8] the app, the title, the name, the IP, the origin, when, and until when', async () => {
    const { body } = await (await approvalPage()).get()
    for (const text of [
      'Northwind',
      'alex@example.com',
      'Northwind order desk',
      'Alex Morgan',
      '203.0.113.7',
    ])
      expect(body).toContain(text)
    expect(body).toContain('https://shop.example.com')
    expect(body).toContain(`<time datetime="${new Date(CREATED_AT).toISOString()}">`)
    expect(body).toContain('2 minutes ago')
    expect(body).toContain('Nov 25, 2026, 2:41 PM UTC')
    expect(body).toContain('in 13 minutes')
  })

  it('[AR8] everything the caller claims stands where it is said to be not verified, and nowhere else', async () => {
    const { body } = await (await approvalPage()).get()
    const [before, rest = ''] = body.split('<section class="claims"')
    const [claims = '', after] = rest.split('</section>')
    expect(claims).toContain('Said by the requester, not verified.')
    // A caller that names a city as its website is not trusted with the rest either.
    expect(claims).toContain('<dt>Place or website</dt>')
    for (const claim of ['Northwind order desk', 'Alex Morgan', '203.0.113.7', 'https://shop.example.com']) {
      expect(claims).toContain(claim)
      expect(before + after!).not.toContain(claim)
    }
  })

  it('[AR8] leaves out what the caller did not say', async () => {
    const { body } = await (
      await approvalPage({ record: { claims: { userName: null, userIp: null, userOrigin: ' \u200b ' } } })
    ).get()
    for (const label of ['Name', 'IP address', 'Place or website'])
      expect(body).not.toContain(`<dt>${label}</dt>`)
    expect(body).toContain('<dt>Application</dt>')
  })

  it('[AR8] whatever is claimed is text: no markup, no turned writing direction, no second line', async () => {
    const attack = `"'><img src=x onerror=alert(1)></dd></section>\u202Egnp.exe\nVerified: yes\u2028`
    const page = await approvalPage({
      record: {
        addressee: { kind: 'email', email: `"${attack}"@example.com` },
        claims: { applicationTitle: attack, userName: attack, userIp: attack, userOrigin: attack },
      },
      appName: attack,
    })
    for (const body of [(await page.get()).body, (await page.post({ decision: 'mute' })).body]) {
      expect(body).not.toMatch(/<img|"'>|\u202E|\nVerified|\u2028/u)
      expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;')
    }
  })

  it('asks for the code only where the request has one', async () => {
    expect((await (await approvalPage()).get()).body).not.toContain('name="code"')
    expect((await (await approvalPage(withCode)).get()).body).toMatch(
      /<input id="code"[^>]*inputmode="numeric"[^>]*autocomplete="one-time-code"/su,
    )
  })
})

describe('deciding', () => {
  it('approves, once, and says where to go', async () => {
    const page = await approvalPage()
    const response = await page.post({ decision: 'approve' })
    expect(response.statusCode).toBe(200)
    expect(headingOf(response.body)).toBe('Approved')
    expect(response.body).toContain('Go back to the device or window where you started.')
    expect(page.fake.decisions).toEqual([
      { token: LINK_TOKEN, nonce: NONCE, decision: 'approved', code: null, mutes: false },
    ])
    const reloaded = await page.post({ decision: 'approve' })
    expect([reloaded.statusCode, headingOf(reloaded.body)]).toEqual([200, 'You have approved this already'])
    expect(reloaded.body).not.toContain('someone else')
    const again = await page.post({ decision: 'deny' })
    expect(again.statusCode).toBe(410)
    expect(headingOf(again.body)).toBe('This link has been used')
    expect(again.body).toContain('The request is approved.')
  })

  it('denies, with a code field left empty or filled in with rubbish', async () => {
    for (const code of ['', 'rubbish', '000000']) {
      const page = await approvalPage(withCode)
      const response = await page.post({ decision: 'deny', code })
      expect(response.statusCode).toBe(200)
      expect(headingOf(response.body)).toBe('Denied')
      expect(page.fake.record.status).toBe('denied')
      expect(page.fake.state.muted).toBe(false)
    }
  })

  it('[AR7] "I didn\'t ask for this" denies and mutes, without a code', async () => {
    const page = await approvalPage(withCode)
    const response = await page.post({ decision: 'mute', code: '' })
    expect(response.statusCode).toBe(200)
    expect(headingOf(response.body)).toBe('Denied, and no more requests')
    expect(page.fake.record.status).toBe('denied')
    expect(page.fake.state.muted).toBe(true)
  })

  it('[AR2] approves with the code, spaced as people type it, in Latin, Arabic, Persian and full-width digits', async () => {
    for (const code of [BINDING_CODE, ' 493 017 ', '493-017', '٤٩٣٠١٧', '۴۹۳۰۱۷', '４９３０１７']) {
      const page = await approvalPage(withCode)
      expect((await page.post({ decision: 'approve', code })).statusCode).toBe(200)
      expect(page.fake.record.status).toBe('approved')
    }
  })

  it('[AR2] a wrong code is 422 with the tries that are left; the fifth locks', async () => {
    const page = await approvalPage(withCode)
    for (const left of ['4 tries are left', '3 tries are left', '2 tries are left', 'One try is left']) {
      const { statusCode, body } = await page.post({ decision: 'approve', code: '111111' })
      expect(statusCode).toBe(422)
      expect(body).toContain(`That is not the code. ${left}.`)
      expect(body).toContain('<title>Error: Is this you? · Northwind</title>')
      expect(body).not.toContain('111111')
    }
    const fifth = await page.post({ decision: 'approve', code: '111111' })
    expect(fifth.statusCode).toBe(410)
    expect(headingOf(fifth.body)).toBe('Too many wrong codes')
    const right = await page.post({ decision: 'approve', code: BINDING_CODE })
    expect(right.statusCode).toBe(410)
    expect(page.fake.record.status).toBe('pending')
  })

  it('[AR2] asks for the code where there is none, or something that cannot be one', async () => {
    const page = await approvalPage(withCode)
    for (const given of [{}, ...['', '12345', '1234567', 'abcdef'].map((code) => ({ code }))]) {
      const { statusCode, body } = await page.post({ decision: 'approve', ...given })
      expect(statusCode).toBe(422)
      expect(body).toContain('Enter the 6 digits that are shown where you asked.')
    }
    expect(page.fake.record.status).toBe('pending')
  })

  it('says after a reload how many tries are left', async () => {
    const page = await approvalPage(withCode)
    expect((await page.get()).body).not.toContain('tries are left')
    await page.post({ decision: 'approve', code: '111111' })
    expect((await page.get()).body).toContain('4 tries are left.')
  })

  it('[AR9] shows "approved" for what the service says is approved, and for nothing else', async () => {
    const page = await approvalPage()
    page.fake.requests.decideByLink = async () => ({ kind: 'decided', record: page.fake.record })
    const response = await page.post({ decision: 'approve' })
    expect(response.statusCode).toBe(404)
    expect(response.body).not.toContain('Approved')
  })
})

describe('who may decide', () => {
  it('[AR1] without the nonce, or with another, nothing is decided and the page asks again', async () => {
    const page = await approvalPage()
    const missing = await page.post({ decision: 'approve', nonce: '' })
    expect(missing.statusCode).toBe(400)
    expect(page.fake.decisions).toEqual([])
    const other = await page.post({ decision: 'approve', nonce: 'of-another-page' })
    expect(other.statusCode).toBe(409)
    expect(other.body).toContain('This page was out of date. Please choose again.')
    expect(other.body).toContain(`name="nonce" value="${NONCE}"`)
    expect(page.fake.record.status).toBe('pending')
  })

  it.each([
    ['a field too many', { decision: 'approve', code: '1', status: 'approved' }],
    ['no decision', {}],
    ['an unknown decision', { decision: 'approved' }],
    ['a code without end', { decision: 'approve', code: '1'.repeat(101) }],
  ])('[AR1] refuses a form with %s', async (_what, fields) => {
    const page = await approvalPage()
    const { statusCode, headers, body } = await page.post(fields)
    expect(statusCode).toBe(400)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headingOf(body)).toBe('Nothing has been decided')
    expect(page.fake.decisions).toEqual([])
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['another origin, in an older browser', { origin: 'https://evil.example' }],
    ['another port, in an older browser', { origin: 'http://localhost:8081' }],
    ['an origin that is none', { origin: 'chat' }],
  ])('[AR1] refuses a form from %s, nonce or not', async (_what, headers) => {
    const page = await approvalPage()
    const response = await page.post({ decision: 'approve' }, { headers })
    expect(response.statusCode).toBe(403)
    expect(headingOf(response.body)).toBe('Nothing has been decided')
    expect(page.fake.decisions).toEqual([])
  })

  it.each([
    ['the same origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
    ['a reload', { 'sec-fetch-site': 'none' }],
    ['an older browser', { origin: 'https://chat.example.com', host: 'chat.example.com' }],
    ['an older browser that hides the origin with the referrer', { origin: 'null' }],
  ])('takes a form from %s', async (_what, headers) => {
    const page = await approvalPage()
    const response = await page.post({ decision: 'deny' }, { headers })
    expect(response.statusCode).toBe(200)
  })

  it('takes forms here only: elsewhere a form that another site posts is 415', async () => {
    const page = await approvalPage()
    expect((await page.post({ decision: 'approve' }, {}, '/json')).statusCode).toBe(415)
  })

  it('takes nothing but a form', async () => {
    const page = await approvalPage()
    const headers = { 'content-type': 'text/plain', 'sec-fetch-site': 'same-origin' }
    const response = await page.http.inject({
      method: 'POST',
      url: LINK_PATH,
      headers,
      payload: 'decision=approve',
    })
    expect(response.statusCode).toBe(415)
    expect(page.fake.decisions).toEqual([])
  })

  it('[AR3] the approver gets no cookie', async () => {
    const page = await approvalPage()
    for (const { headers } of [await page.get(), await page.post({ decision: 'approve' })])
      expect(headers['set-cookie']).toBeUndefined()
  })
})

describe('links that lead to no decision', () => {
  it.each([
    ['approved', 'This link has been used'],
    ['denied', 'This link has been used'],
    ['expired', 'This request has expired'],
    ['canceled', 'This request was canceled'],
    ['unauthorized', 'This request is over'],
    ['errored', 'This request is over'],
  ] as const)('%s is 410, looked at or answered', async (status, heading) => {
    const page = await approvalPage({ record: { status } })
    const decision = status === 'approved' ? 'deny' : 'approve'
    for (const { statusCode, body } of [await page.get(), await page.post({ decision })]) {
      expect(statusCode).toBe(410)
      expect(headingOf(body)).toBe(heading)
      expect(body).not.toContain('<form')
    }
  })

  it('locked is 410', async () => {
    const page = await approvalPage(withCode)
    page.fake.lock()
    const { statusCode, body } = await page.get()
    expect(statusCode).toBe(410)
    expect(headingOf(body)).toBe('Too many wrong codes')
  })

  it.each(['/a/other', '/a/', '/a', `${LINK_PATH}/`, `${LINK_PATH}/x`, `/a/${'x'.repeat(100)}`])(
    '%s is 404 and says what to do',
    async (path) => {
      const { statusCode, body } = await (await approvalPage()).get(path)
      expect(statusCode).toBe(404)
      expect(headingOf(body)).toBe('We don’t know this link')
    },
  )

  it('says that the server failed, and lets nothing out about how', async () => {
    const page = await approvalPage()
    page.fake.state.failure = new Error('SQLITE_BUSY: disk of the operator')
    for (const { statusCode, body } of [await page.get(), await page.post({ decision: 'approve' })]) {
      expect(statusCode).toBe(500)
      expect(headingOf(body)).toBe('Something went wrong')
      expect(body).not.toContain('SQLITE')
    }
  })
})

describe('languages', () => {
  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de', 'ltr', 'Sind Sie das?', 'vor 2 Minuten'],
    ['ar', 'ar', 'rtl', 'هل هذا أنت؟', 'قبل دقيقتين'],
    ['pl-PL, en;q=0.5', 'pl', 'ltr', 'Czy to Ty?', '2 minuty temu'],
    ['zh-CN, zh;q=0.9', 'zh', 'ltr', '是您本人吗？', '2分钟前'],
    ['sw, en-GB;q=0.5', 'en', 'ltr', 'Is this you?', '2 minutes ago'],
    ['sw, *;q=0.1', 'en', 'ltr', 'Is this you?', '2 minutes ago'],
    ['', 'en', 'ltr', 'Is this you?', '2 minutes ago'],
    ['en;q=0, de;q=0.1', 'de', 'ltr', 'Sind Sie das?', 'vor 2 Minuten'],
  ])('answers "%s" in %s', async (language, lang, dir, heading, when) => {
    const { body } = await (await approvalPage()).get(LINK_PATH, { language })
    expect(body).toContain(`<html lang="${lang}" dir="${dir}">`)
    expect(headingOf(body)).toBe(heading)
    expect(body).toContain(when)
    expect(body).toContain('UTC')
  })
})

it('[AR5] no token, nonce or code is in any log, whatever happens', async () => {
  const page = await approvalPage(withCode)
  await page.get()
  await page.get(`/a/${LINK_TOKEN}/x`)
  await page.get(`/a/${LINK_TOKEN}%zz`)
  await page.post({ decision: 'approve', code: '111111' })
  await page.post({ decision: 'approve', nonce: 'old' })
  await page.post({})
  await page.post({ decision: 'approve' }, { headers: { 'sec-fetch-site': 'cross-site' } })
  page.fake.state.failure = new Error('the database is gone')
  await page.get()
  await page.post({ decision: 'approve', code: BINDING_CODE })
  page.fake.state.failure = null
  await page.post({ decision: 'approve', code: BINDING_CODE })
  expect(page.log.join('')).toContain('the database is gone')
  for (const secret of [LINK_TOKEN, NONCE, BINDING_CODE, '111111'])
    expect(page.log.join('')).not.toContain(secret)
})

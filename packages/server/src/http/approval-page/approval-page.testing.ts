/** The approval page over a fake service, on the server's own HTTP with its hooks and its log. */
import type { LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import {
  CREATED_AT,
  createFakeRequests,
  LINK_TOKEN,
  NONCE,
  requestRecord,
} from '../../authentication-requests/fake-requests.testing.ts'
import { createHttpServer } from '../http-server.ts'
import { registerApprovalPage } from './approval-page.ts'

export const LINK_PATH = `/a/${LINK_TOKEN}`

export interface Browserlike {
  readonly language?: string
  readonly headers?: Readonly<Record<string, string>>
}

export async function startApprovalPage(
  options: { readonly record?: Parameters<typeof requestRecord>[0]; readonly appName?: string } = {},
) {
  const log: string[] = []
  const fake = createFakeRequests(requestRecord(options.record))
  const http = createHttpServer(pino({ level: 'trace' }, { write: (line: string) => log.push(line) }))
  http.post('/json', async () => ({ ok: true }))
  registerApprovalPage(http, {
    requests: fake.requests,
    appName: () => options.appName ?? 'Northwind',
    defaultLocale: 'en',
    now: () => CREATED_AT + 2 * 60_000,
  })
  await http.ready()

  const headersOf = ({ language, headers }: Browserlike) => ({
    ...(language === undefined ? {} : { 'accept-language': language }),
    ...headers,
  })
  return {
    http,
    fake,
    /** Logged lines. */
    log,
    get: (path = LINK_PATH, from: Browserlike = {}): Promise<LightMyRequestResponse> =>
      http.inject({ url: path, headers: headersOf(from) }),
    /** Posts as the page's own form does in a current browser. */
    post: (
      fields: Readonly<Record<string, string>>,
      from: Browserlike = {},
      path = LINK_PATH,
    ): Promise<LightMyRequestResponse> =>
      http.inject({
        method: 'POST',
        url: path,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...headersOf({ headers: { 'sec-fetch-site': 'same-origin' }, ...from }),
        },
        payload: String(new URLSearchParams({ nonce: NONCE, ...fields })),
      }),
    close: () => http.close(),
  }
}

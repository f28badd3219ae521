/** The REST interface for operators, as an integration would call it. */
import { API_KEY } from './shop.ts'

export interface RestResponse {
  readonly status: number
  // Whatever the server answered: tests assert on it.
  // biome-ignore lint/suspicious/noExplicitAny: an answer from outside
  readonly body: any
}

export async function rest(
  server: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  key: string | null = API_KEY,
): Promise<RestResponse> {
  const response = await fetch(`${server}/v1/apps/shop/conversations${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Token ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

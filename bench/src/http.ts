/** HTTP requests whose connections are counted, and whose whole answer is awaited. */
import { Agent, type OutgoingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly text: string
  /** Time of the whole answer, by `performance.now()`. */
  readonly at: number
}

export interface HttpClient {
  get(url: string): Promise<Answer>
  post(url: string, body: string, headers: OutgoingHttpHeaders): Promise<Answer>
  close(): void
}

/** @param connections at most, kept alive; further requests queue for them. */
export function createHttpClient(connections: number, signal: AbortSignal): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  function send(method: string, url: string, body: string, headers: OutgoingHttpHeaders): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
      const sent = request(url, { method, agent, signal, headers: { ...headers, ...length } }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, at: performance.now() }))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  return {
    get: (url) => send('GET', url, '', {}),
    post: (url, body, headers) => send('POST', url, body, headers),
    close: () => agent.destroy(),
  }
}

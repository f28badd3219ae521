/** [OP12] The dashboard and the alarms, compared with what a server counts. */
import { readFile } from 'node:fs/promises'
import { STATUS_CODES } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import { linkTo } from './support/mailbox.ts'
import { ROOT } from './support/paths.ts'
import { type Query, readQuery } from './support/promql.ts'
import { connectVisitor } from './support/raw-device.ts'
import { rest } from './support/rest.ts'
import { startServerHere } from './support/server-here.ts'
import { API_KEY, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: object
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly {
    readonly refId: string
    readonly expr: string
    readonly legendFormat: string
  }[]
}

interface Dashboard {
  readonly uid: string
  readonly schemaVersion: number
  readonly templating: {
    readonly list: readonly {
      readonly name: string
      readonly type: string
      readonly query: string | { readonly query: string }
    }[]
  }
  readonly panels: readonly Panel[]
}

/** Values of each label, by metric. Buckets, sums and counts are metrics of their own. */
type Shown = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** Labels that Prometheus adds. */
const SCRAPED = ['job', 'instance']
const DATASOURCE = { type: 'prometheus', uid: `\${datasource}` }

const read = (path: string) => readFile(`${ROOT}${path}`, 'utf8')

function readMetrics(text: string): Shown {
  const shown = new Map<string, Map<string, Set<string>>>()
  // Those without a value yet have no labels to be shown.
  for (const [, name = ''] of text.matchAll(/^# TYPE (\S+) (?!histogram|summary)/gm))
    shown.set(name, new Map())
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const values = shown.get(name) ?? new Map<string, Set<string>>()
    shown.set(name, values)
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      values.set(label, (values.get(label) ?? new Set()).add(value))
  }
  return shown
}

/** Mistakes of a query, in words. */
function mistakes(query: string, shown: Shown, variables: ReadonlySet<string> = new Set()): string[] {
  const { selectors, groupings } = readQuery(query)
  const labelsOf = (metric: string) => [...(shown.get(metric)?.keys() ?? []), ...SCRAPED]
  /** True for a value that the metric may have. */
  const isShown = (metric: string, label: string, op: string, value: string) => {
    const values = label === 'status' ? Object.keys(STATUS_CODES) : [...(shown.get(metric)?.get(label) ?? [])]
    return op.includes('~')
      ? values.some((one) => new RegExp(`^(?:${value})$`).test(one))
      : values.includes(value)
  }
  return [
    ...selectors.flatMap(({ metric, matchers }) =>
      shown.has(metric)
        ? matchers.flatMap(({ label, op, value }) => {
            if (!labelsOf(metric).includes(label)) return [`${metric} has no label ${label}`]
            if (value.startsWith('$')) return variables.has(value.slice(1)) ? [] : [`no variable ${value}`]
            return isShown(metric, label, op, value) ? [] : [`${metric} has no ${label} ${value}`]
          })
        : [`no metric ${metric}`],
    ),
    ...groupings.flatMap(({ labels, metrics }) =>
      metrics.flatMap((metric) =>
        labels
          .filter((label) => !labelsOf(metric).includes(label))
          .map((label) => `${metric} is not by ${label}`),
      ),
    ),
  ]
}

const labelsOfResult = ({ selectors, result }: Query, shown: Shown) =>
  result ?? [...SCRAPED, ...selectors.flatMap(({ metric }) => [...(shown.get(metric)?.keys() ?? [])])]

/** A server after a little of everything that it counts. */
async function countSomething(): Promise<Shown> {
  const server = await startServerHere(shopConfig(), { args: ['--dev'] })
  try {
    const visitor = await connectVisitor(server.url)
    await visitor.send(crypto.randomUUID(), 'hello')
    const id = visitor.ready.conversation!.id
    await rest(server.url, 'POST', `/${id}/close`)
    await rest(server.url, 'GET', '', undefined, { key: 'wrong' })
    const email = 'somebody@example.com'
    await fetch(`${server.url}/v1/authentication-request/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Token ${API_KEY}` },
      body: JSON.stringify({ email, application_title: 'Northwind', wait_for_response: 0 }),
    })
    const link = await linkTo(server.url, email)
    const nonce = /name="nonce" value="([^"]+)"/.exec(await (await fetch(link)).text())?.[1] ?? ''
    await fetch(link, {
      method: 'POST',
      headers: { origin: server.url },
      body: new URLSearchParams({ nonce, decision: 'deny' }),
    })
    let shown: Shown = new Map()
    // Garbage is collected now and then.
    await until('each metric with labels has a value', async () => {
      shown = readMetrics(await (await fetch(`${server.url}/metrics`)).text())
      return (
        shown.has('nodejs_gc_duration_seconds_sum') && shown.has('chat_authentication_decision_seconds_sum')
      )
    })
    visitor.close()
    return shown
  } finally {
    await server.close()
  }
}

let shown: Shown
let dashboard: Dashboard
beforeAll(async () => {
  shown = await countSomething()
  dashboard = JSON.parse(await read('deploy/grafana-dashboard.json')) as Dashboard
})

const targets = () => dashboard.panels.flatMap(({ targets = [] }) => targets)
const variables = () => new Set(dashboard.templating.list.map(({ name }) => name))

describe('grafana-dashboard.json', () => {
  it('[OP12] asks for metrics, labels and values that a server shows, and leaves out none of its own', () => {
    const used = new Set(
      targets().flatMap(({ expr }) => readQuery(expr).selectors.map(({ metric }) => metric)),
    )
    expect(targets().flatMap(({ expr }) => mistakes(expr, shown, variables()))).toEqual([])
    const own = [...shown.keys()].filter((name) => /^chat_.*(?<!_sum|_count)$/.test(name))
    expect(own.filter((name) => !used.has(name))).toEqual([])
  })

  it('names each line by labels that its query has, and says where it counts by the minute', () => {
    const wrong = targets().flatMap(({ expr, legendFormat }) => {
      const labels = labelsOfResult(readQuery(expr), shown)
      return [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].filter(([, label = '']) => !labels.includes(label))
    })
    expect(wrong).toEqual([])
    for (const { title, description = '', targets = [] } of dashboard.panels)
      expect(
        targets.some(({ expr }) => expr.endsWith('* 60')),
        title,
      ).toBe(description.startsWith('Each minute'))
  })

  it('lets servers be chosen by labels that there are', () => {
    const choices = dashboard.templating.list.filter(({ type }) => type === 'query')
    expect(choices.map(({ name }) => name)).toEqual(SCRAPED)
    for (const { query } of choices) {
      const text = typeof query === 'string' ? query : query.query
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? []
      expect(mistakes(`sum by (${label}) (${selector})`, shown, variables())).toEqual([])
    }
  })

  it('is what Grafana imports: panels with ids and places of their own, on the data source that is chosen', () => {
    expect(dashboard.uid).toMatch(/^[\w-]{1,40}$/)
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36)
    expect(dashboard.templating.list[0]).toMatchObject({
      name: 'datasource',
      type: 'datasource',
      query: 'prometheus',
    })
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(cells).toHaveLength(new Set(cells).size)
    expect(panels.filter(({ gridPos: { x, w } }) => x < 0 || x + w > 24)).toEqual([])
    for (const { type, title, datasource, targets = [] } of panels) {
      expect(datasource, title).toEqual(type === 'row' ? undefined : DATASOURCE)
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length)
      expect(targets.length > 0, title).toBe(type !== 'row')
    }
  })
})

describe('the documentation', () => {
  it('has alarms by metrics, labels and values that a server shows', async () => {
    const [, alarms = ''] = (await read('docs/operations.md')).split('Worth an alarm:')
    const [table = ''] = alarms.split('\n## ')
    const queries = [...table.matchAll(/`([^`]*\b(?:chat|nodejs)_[^`]*)`/g)].map(([, query = '']) => query)
    expect(queries.length).toBeGreaterThan(5)
    expect(queries.flatMap((query) => mistakes(query, shown))).toEqual([])
  })

  it('lists each metric with its labels', async () => {
    const rows = (await read('docs/server.md')).matchAll(/^\| `((?:chat|http)_\w+)` \|(.*?)\|/gm)
    const listed = new Map(
      [...rows].map(([, name = '', labels = '']) => [name, [...labels.matchAll(/\w+/g)].map(String).sort()]),
    )
    const own = [...shown].filter(([name]) => /^(chat|http)_/.test(name) && !/_(bucket|count)$/.test(name))
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(own.map(([name, labels]) => [name.replace(/_sum$/, ''), [...labels.keys()].sort()])),
    )
  })
})

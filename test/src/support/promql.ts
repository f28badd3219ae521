/** Reads a PromQL query, as far as it can be compared with what a server counts. */
import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

interface Selector {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly op: string; readonly value: string }[]
}

export interface Query {
  readonly selectors: readonly Selector[]
  /** Labels that something is grouped or joined by, with the metrics that have to have them. */
  readonly groupings: readonly { readonly labels: readonly string[]; readonly metrics: readonly string[] }[]
  /** Labels that a result has; null: all of its metric. */
  readonly result: readonly string[] | null
}

/** Throws for what is no PromQL. Variables of Grafana stand in strings, or for a duration. */
export function readQuery(query: string): Query {
  const text = query.replaceAll('$__rate_interval', '5m')
  const { topNode } = parser.parse(text)
  const of = ({ from, to }: SyntaxNode) => text.slice(from, to)
  const all = (node: SyntaxNode, name: string) => {
    const found: SyntaxNode[] = []
    node.cursor().iterate((child) => {
      if (child.type.isError) throw new Error(`not PromQL at ${child.from}: ${text}`)
      if (child.name === name) found.push(child.node)
    })
    return found
  }
  const labelsIn = (node: SyntaxNode) => all(node, 'LabelName').map(of)
  const metricsIn = (node: SyntaxNode) =>
    all(node, 'VectorSelector').map((selector) => of(selector.firstChild!))

  const groupings = all(topNode, 'GroupingLabels').map((node) => ({
    labels: labelsIn(node),
    metrics: metricsIn(node.parent!.parent!),
  }))
  const [outermost] = all(topNode, 'AggregateExpr')
  const [grouping] = outermost === undefined ? [] : all(outermost, 'GroupingLabels')
  return {
    selectors: all(topNode, 'VectorSelector').map((selector) => ({
      metric: of(selector.firstChild!),
      matchers: all(selector, 'UnquotedLabelMatcher').map((matcher) => {
        const [label, op, value] = [
          matcher.firstChild!,
          matcher.firstChild!.nextSibling!,
          matcher.lastChild!,
        ].map(of)
        return { label: label!, op: op!, value: JSON.parse(value!) as string }
      }),
    })),
    groupings,
    // A quantile takes the buckets' label away.
    result:
      outermost === undefined
        ? null
        : (grouping === undefined ? [] : labelsIn(grouping)).filter((label) => label !== 'le'),
  }
}

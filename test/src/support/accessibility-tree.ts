/** Announcements of live regions, read from Chromium's accessibility tree. */
import type { CDPSession, Page } from 'playwright'

type Tree = Awaited<ReturnType<typeof treeOf>>
type TreeNode = Tree[number]

const treeOf = async (tools: CDPSession) => (await tools.send('Accessibility.getFullAXTree')).nodes

const propertyOf = (node: TreeNode, name: string): unknown =>
  node.properties?.find((property) => property.name === name)?.value.value

/** The text below a node, as it is read out. */
function textOf(id: string, nodes: ReadonlyMap<string, TreeNode>): string {
  const node = nodes.get(id)
  if (node === undefined) return ''
  if (node.role?.value === 'StaticText') return String(node.name?.value ?? '')
  return (node.childIds ?? [])
    .map((child) => textOf(child, nodes))
    .filter((text) => text !== '')
    .join(' ')
}

/** Present text of each live region: as a whole where it is atomic, else by each of its children. */
function spokenIn(tree: Tree): ReadonlyMap<string, string> {
  const nodes = new Map(tree.map((node) => [node.nodeId, node]))
  const spoken = new Map<string, string>()
  for (const node of tree) {
    const live = propertyOf(node, 'live')
    const isRoot = propertyOf(node, 'root') === undefined
    if (node.ignored || !isRoot || (live !== 'polite' && live !== 'assertive')) continue
    const parts = propertyOf(node, 'atomic') === true ? [node.nodeId] : (node.childIds ?? [])
    for (const part of parts) {
      const text = textOf(part, nodes).trim()
      if (text !== '') spoken.set(part, text)
    }
  }
  return spoken
}

/** Calls `treeChanged` after each change of the widget's elements, in every shadow root. */
function watchWidget(): void {
  const { treeChanged } = globalThis as unknown as { treeChanged(): Promise<void> }
  const watched = new WeakSet<ShadowRoot>()
  const watch = (root: ParentNode) => {
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      if (shadowRoot === null || watched.has(shadowRoot)) continue
      watched.add(shadowRoot)
      const options = { childList: true, subtree: true, characterData: true, attributes: true }
      new MutationObserver(() => {
        watch(shadowRoot)
        void treeChanged()
      }).observe(shadowRoot, options)
      watch(shadowRoot)
    }
  }
  watch(document)
}

/** Records from now on; the result returns what was announced until now, in order. */
export async function recordTree(page: Page): Promise<() => readonly string[]> {
  const tools = await page.context().newCDPSession(page)
  await tools.send('Accessibility.enable')
  const announced: string[] = []
  let known = spokenIn(await treeOf(tools))
  let isReading = false
  let isDue = false
  await page.exposeFunction('treeChanged', async () => {
    isDue = true
    if (isReading) return
    isReading = true
    while (isDue) {
      isDue = false
      const spoken = spokenIn(await treeOf(tools))
      for (const [id, text] of spoken) if (known.get(id) !== text) announced.push(text)
      known = spoken
    }
    isReading = false
  })
  await page.evaluate(watchWidget)
  return () => announced
}

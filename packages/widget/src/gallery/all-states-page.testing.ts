/** Draws every state of the gallery, one after another, and tells the frame around the page what was refused. */

const problems: string[] = []
document.addEventListener(
  'securitypolicyviolation',
  ({ violatedDirective, blockedURI, sample, sourceFile }) =>
    problems.push([violatedDirective, blockedURI, sample, sourceFile].join(' ')),
)
addEventListener('error', ({ message }) => problems.push(message))
addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)))

// Vitest loads the parts of a module by it.
const runner = '__vitest_browser_runner__'
Object.assign(globalThis, { [runner]: Reflect.get(parent, runner) })

// Only now: what they do as they are loaded is watched too.
const { drawState } = await import('./gallery-state.testing.ts')
const { STATES } = await import('./states.testing.ts')
for (const state of STATES) {
  const before = problems.length
  try {
    const { element } = await drawState(state, { parent: document.body })
    element.remove()
  } catch (error) {
    problems.push(String(error))
  }
  document.body.replaceChildren()
  problems.splice(before, problems.length, ...problems.slice(before).map((one) => `${state.name}: ${one}`))
}
frameElement?.dispatchEvent(new CustomEvent('drawn', { detail: { states: STATES.length, problems } }))

export {}

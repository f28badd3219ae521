import { expect, it, onTestFinished } from 'vitest'
import { page } from 'vitest/browser'
import { STATES } from './states.testing.ts'

it('[HP7] every state is drawn on a page of the strictest policy, with Trusted Types for Lit alone', async () => {
  await page.viewport(1280, 800)
  const { origin } = location
  // Pictures are the site's to allow: these are an agent's and those of the cards.
  const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin}; img-src data: https://shop.example; require-trusted-types-for 'script'; trusted-types lit-html`
  const script = new URL('./all-states-page.testing.ts', import.meta.url)
  const html = `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>All</title><body><script type="module" src="${script}"></script>`
  const frame = document.createElement('iframe')
  frame.style.cssText = 'border: 0; inline-size: 1280px; block-size: 800px'
  frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }))
  onTestFinished(() => {
    URL.revokeObjectURL(frame.src)
    frame.remove()
  })
  const drawn = new Promise((resolve) =>
    frame.addEventListener('drawn', (event) => resolve((event as CustomEvent).detail), { once: true }),
  )
  document.body.append(frame)
  expect(await drawn).toEqual({ states: STATES.length, problems: [] })
  const refused = () => {
    const box = frame.contentDocument?.createElement('div')
    if (box) box.innerHTML = '<b>x</b>'
  }
  expect(refused).toThrow('TrustedHTML')
})

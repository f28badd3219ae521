// @ts-check
/** Fills the sign-in form with a demo customer. */

/** @param {HTMLFormElement} form */
export function fillOnClick(form) {
  form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-fill-email]') : null
    if (!(button instanceof HTMLElement)) return
    for (const [name, value] of [
      ['email', button.dataset.fillEmail],
      ['password', button.dataset.fillPassword],
    ]) {
      const input = form.elements.namedItem(name ?? '')
      if (input instanceof HTMLInputElement) input.value = value ?? ''
    }
  })
}

const page = document.querySelector('.login-page form')
if (page instanceof HTMLFormElement) fillOnClick(page)

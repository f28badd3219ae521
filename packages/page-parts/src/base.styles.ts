/** Base styles of every element's shadow root: box model, buttons, fields, focus and hidden text. */
import { css } from 'lit'

/** Each page sets sizes and weights of buttons and fields. */
export const pageBase = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  svg {
    display: block;
    flex: none;
    inline-size: var(--icon-size);
    block-size: var(--icon-size);
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    margin: 0;
  }

  :focus-visible {
    outline: var(--focus-width) solid var(--focus);
    outline-offset: 2px;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    border: 1px solid var(--line-strong);
    border-radius: var(--control-radius);
    background: transparent;
    cursor: pointer;
  }

  .button:hover {
    background: var(--surface-hover);
  }

  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--accent-ink);
  }

  .button.primary:hover {
    border-color: var(--accent-hover);
    background: var(--accent-hover);
  }

  .field {
    inline-size: 100%;
    border: 1px solid var(--line-strong);
    border-radius: var(--control-radius);
    background: var(--surface);
  }

  .spinner {
    flex: none;
    inline-size: 1rem;
    block-size: 1rem;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    border-radius: 50%;
    animation: turn 800ms linear 6;
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      /* Not 1ms: an element that names no transition would get one of all properties, and colors pass from parent to child frame by frame. */
      transition-duration: 0s !important;
    }
  }

  @media (forced-colors: active) {
    .button.primary {
      border-color: ButtonText;
    }
  }
`

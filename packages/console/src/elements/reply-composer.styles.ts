/** Styles of the agent's composer. */
import { css } from 'lit'

export const replyComposerStyles = css`
  :host {
    display: block;
    padding: 0 max(1.25rem, calc(50% - 24rem)) max(1rem, env(safe-area-inset-bottom));
  }

  .box {
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--surface-raised);
  }

  .box:focus-within {
    border-color: var(--focus);
    box-shadow: 0 0 0 1px var(--focus);
  }

  textarea {
    display: block;
    inline-size: 100%;
    min-block-size: 2.75rem;
    max-block-size: min(12rem, 30vh);
    padding: 0.6875rem 0.875rem 0.25rem;
    border: 0;
    background: transparent;
    line-height: 1.5;
    resize: none;
    field-sizing: content;
  }

  /* The box around it shows the focus. */
  textarea:focus-visible {
    outline: 0;
  }

  textarea::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }

  .preview {
    display: flex;
    flex-direction: column;
    max-block-size: min(14rem, 35vh);
    padding: 0.75rem 0.875rem;
    border-block-end: 1px solid var(--line);
    overflow-y: auto;
    --bubble: var(--bubble-agent);
  }

  .preview:empty {
    display: none;
  }

  .preview .bubble {
    align-self: flex-start;
  }

  quick-reply-editor {
    padding: 0.25rem 0.875rem;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem;
    align-items: center;
    padding: 0.25rem 0.4375rem 0.4375rem;
  }

  .bar .button.icon-only {
    inline-size: 2rem;
    min-block-size: 2rem;
  }

  .bar [aria-pressed='true'],
  .bar [aria-expanded='true'] {
    background: var(--surface-selected);
    color: var(--ink);
  }

  label:focus-within {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }

  .formats {
    display: flex;
    gap: 0.125rem;
    padding-inline-end: 0.375rem;
    margin-inline-end: 0.25rem;
    border-inline-end: 1px solid var(--line);
  }

  .bar .primary {
    margin-inline-start: auto;
  }

  .hint {
    margin-block-end: 0.375rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  @media (max-width: 47.5rem) {
    .formats {
      display: none;
    }
  }

  @media (pointer: coarse) {
    textarea {
      font-size: 1rem;
    }
    .bar .button.icon-only {
      inline-size: 2.375rem;
      min-block-size: 2.375rem;
    }
  }

  @media (forced-colors: active) {
    .box:focus-within {
      outline: 2px solid Highlight;
    }
    .bar [aria-pressed='true'],
    .bar [aria-expanded='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`

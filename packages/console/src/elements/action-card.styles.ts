/** Styles of an action's card in the message log. */
import { css } from 'lit'

export const actionCardStyles = css`
  :host {
    display: block;
    margin-block: 0.875rem;
  }

  section {
    display: grid;
    gap: 0.5rem;
    padding: 0.625rem 0.75rem;
    border: 1px dashed var(--line-strong);
    border-radius: 12px;
    background: var(--surface-side);
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem 0.5rem;
  }

  h3 {
    display: flex;
    align-items: center;
    gap: 0.3125rem;
    min-inline-size: 0;
    font-size: 0.8125rem;
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .label {
    padding: 0.0625rem 0.4375rem;
    border-radius: 99px;
    font-size: 0.75rem;
    font-weight: 500;
  }

  .busy {
    background: var(--surface-hover);
    color: var(--ink-soft);
  }

  .good {
    background: var(--good-surface);
    color: var(--good);
  }

  .warn {
    background: var(--warn-surface);
    color: var(--warn);
  }

  .bad {
    background: var(--bad-surface);
    color: var(--bad);
  }

  time,
  .private {
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  time {
    margin-inline-start: auto;
  }

  summary {
    inline-size: max-content;
    min-block-size: 1.5rem;
    border-radius: 4px;
    color: var(--accent);
    font-size: 0.8125rem;
    font-weight: 500;
    cursor: pointer;
  }

  details[open] summary {
    margin-block-end: 0.375rem;
  }

  pre {
    max-block-size: 18rem;
    margin: 0;
    padding: 0.5rem 0.625rem;
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
    font-size: 0.75rem;
    line-height: 1.5;
    tab-size: 2;
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.125rem 0.5rem;
  }

  .private {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    margin-inline-end: auto;
  }

  .private svg {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }

  .link {
    min-block-size: 1.75rem;
    margin-inline: -0.25rem 0.25rem;
    padding: 0 0.25rem;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--accent);
    font-size: 0.8125rem;
    font-weight: 500;
    cursor: pointer;
  }

  .link:hover {
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  @media (max-width: 30rem) {
    .private {
      inline-size: 100%;
    }
  }

  @media (forced-colors: active) {
    .label {
      border: 1px solid;
    }
  }
`

/** Styles of the identity history: a timeline in a dialog, full screen on a phone. */
import { css } from 'lit'

export const identityHistoryStyles = css`
  dialog {
    inline-size: min(34rem, calc(100vw - 2rem));
    max-block-size: min(44rem, calc(100dvh - 4rem));
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--surface-raised);
    box-shadow: var(--shadow-raised);
    color: var(--ink);
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: rgb(10 12 20 / 0.45);
  }

  header {
    display: flex;
    gap: 0.75rem;
    align-items: start;
    padding: 1.125rem 0.875rem 0.875rem 1.25rem;
    border-block-end: 1px solid var(--line);
  }

  header > div {
    flex: 1;
    min-inline-size: 0;
  }

  h2 {
    font-size: 1rem;
    font-weight: 600;
  }

  header p {
    margin-block-start: 0.25rem;
    color: var(--ink-soft);
    font-size: 0.8125rem;
  }

  .scroll {
    flex: 1;
    min-block-size: 0;
    padding: 0.25rem 1.25rem 1.25rem;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .scroll:focus-visible {
    outline-offset: -3px;
  }

  .note {
    padding-block: 2.5rem 1.75rem;
    color: var(--ink-soft);
    text-align: center;
  }

  h3 {
    padding-block: 0.875rem 0.375rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 600;
  }

  li {
    display: grid;
    grid-template-columns: 5.75rem minmax(0, 1fr);
    column-gap: 1.375rem;
    position: relative;
    padding-block: 0.5rem;
  }

  /* The line, and on it a dot for each change; what the dot says, the words say too. */
  li::before {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 6.375rem;
    inline-size: 1px;
    background: var(--line);
    content: '';
  }

  li:first-child::before {
    inset-block-start: 1rem;
  }

  li:last-child::before {
    inset-block-end: calc(100% - 1rem);
  }

  li::after {
    position: absolute;
    inset-block-start: 0.75rem;
    inset-inline-start: calc(6.375rem - 0.25rem);
    inline-size: 0.5625rem;
    block-size: 0.5625rem;
    border: 2px solid var(--surface-raised);
    border-radius: 50%;
    background: var(--line-strong);
    content: '';
  }

  li.good::after {
    background: var(--good);
  }

  li.bad::after {
    background: var(--bad);
  }

  time {
    color: var(--ink-soft);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
    line-height: 1.4375;
    text-align: end;
    white-space: nowrap;
  }

  .change {
    font-weight: 600;
  }

  .change .from {
    color: var(--ink-soft);
    font-weight: 400;
  }

  .arrow {
    padding-inline: 0.125rem;
    color: var(--ink-soft);
  }

  .arrow:dir(rtl) {
    display: inline-block;
    scale: -1 1;
  }

  .about {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 0.375rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  .about span + span::before {
    padding-inline-end: 0.375rem;
    content: '·';
  }

  .about time {
    color: inherit;
    font: inherit;
  }

  code {
    padding: 0.0625rem 0.3125rem;
    border-radius: 5px;
    background: var(--surface-hover);
    color: var(--ink);
    font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    font-size: 0.75rem;
    white-space: nowrap;
  }

  @media (max-width: 47.5rem) {
    dialog {
      inline-size: 100vw;
      max-inline-size: none;
      block-size: 100dvh;
      max-block-size: none;
      border: 0;
      border-radius: 0;
    }
    header {
      padding: 0.875rem 0.5rem 0.75rem 1rem;
    }
    .scroll {
      padding: 0 1rem max(1rem, env(safe-area-inset-bottom));
    }
    li {
      column-gap: 1.25rem;
    }
  }

  @media (forced-colors: active) {
    li::after {
      background: CanvasText;
    }
    li::before {
      background: GrayText;
    }
  }
`

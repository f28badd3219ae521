/** Styles of the list of conversations. */
import { css } from 'lit'

export const conversationListStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }

  .filter {
    display: flex;
    gap: 0.5rem;
    align-items: stretch;
    padding: 0 0.75rem 0.625rem;
    border-block-end: 1px solid var(--line);
  }

  fieldset {
    flex: 1;
  }

  .filter select {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 2rem;
    padding-block: 0.125rem;
    font-size: 0.875rem;
  }

  .scroller {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  ul {
    position: relative;
  }

  li {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0.375rem;
  }

  .row {
    display: flex;
    gap: 0.625rem;
    inline-size: 100%;
    padding: 0.5625rem 0.625rem;
    border: 0;
    border-radius: var(--radius);
    background: transparent;
    text-align: start;
    cursor: pointer;
    --dot-ring: var(--surface-side);
  }

  .row:hover {
    background: var(--surface-hover);
    --dot-ring: var(--surface-hover);
  }

  .row[aria-current] {
    background: var(--surface-selected);
    --dot-ring: var(--surface-selected);
  }

  .row:focus-visible {
    outline-offset: -2px;
  }

  .body {
    display: grid;
    flex: 1;
    gap: 0.0625rem;
    min-inline-size: 0;
  }

  .line {
    display: flex;
    align-items: center;
    gap: 0.3125rem;
    min-inline-size: 0;
  }

  .name {
    min-inline-size: 0;
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .unread .name {
    font-weight: 650;
  }

  .short-id {
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }

  .verified {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 0.125rem;
    color: var(--good);
    font-size: 0.75rem;
    font-weight: 500;
  }

  .verified svg {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }

  time {
    flex: none;
    margin-inline-start: auto;
    padding-inline-start: 0.25rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }

  .preview {
    display: flex;
    flex: 1;
    gap: 0.25rem;
    min-inline-size: 0;
    color: var(--ink-soft);
  }

  .preview > * {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .author {
    flex: none;
    max-inline-size: 50%;
  }

  .unread .preview {
    color: var(--ink);
  }

  .count {
    flex: none;
    min-inline-size: 1.25rem;
    padding-inline: 0.3125rem;
    border-radius: 99px;
    background: var(--accent);
    color: var(--accent-ink);
    font-size: 0.75rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 1.25rem;
    text-align: center;
  }

  .chips {
    margin-block-start: 0.1875rem;
  }

  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.1875rem;
    padding-inline: 0.375rem;
    border-radius: 5px;
    background: var(--surface-hover);
    color: var(--ink-soft);
    font-size: 0.75rem;
    line-height: 1.125rem;
  }

  [aria-current] .chip:not(.bot),
  .row:hover .chip:not(.bot) {
    background: var(--surface);
  }

  .chip.bot {
    background: var(--bubble-bot);
    color: var(--bot);
  }

  .chip svg {
    inline-size: 0.8125rem;
    block-size: 0.8125rem;
  }

  .more {
    display: flex;
    inline-size: calc(100% - 1.5rem);
    margin: 0.25rem 0.75rem 0.75rem;
  }

  .empty {
    display: grid;
    gap: 0.375rem;
    justify-items: center;
    padding: 4rem 1.75rem;
    color: var(--ink-soft);
    text-align: center;
  }

  .empty svg {
    inline-size: 1.75rem;
    block-size: 1.75rem;
    margin-block-end: 0.25rem;
  }

  .empty .title {
    color: var(--ink);
    font-weight: 600;
  }

  .empty .button {
    margin-block-start: 0.5rem;
    color: var(--ink);
  }

  .skeleton {
    padding: 0.75rem;
  }

  .skeleton i {
    display: block;
    block-size: 2.5rem;
    margin-block-end: 0.75rem;
    border-radius: var(--radius);
    background: var(--surface-hover);
  }

  @media (forced-colors: active) {
    .row[aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
    .count,
    .chip {
      border: 1px solid;
    }
  }
`

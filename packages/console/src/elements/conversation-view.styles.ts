/** Styles of the open conversation's frame. */
import { css } from 'lit'

export const conversationViewStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--surface);
  }

  .drop {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: grid;
    place-items: center;
    padding: 1.5rem;
    background: color-mix(in srgb, var(--surface) 88%, transparent);
    pointer-events: none;
  }

  .drop::before {
    position: absolute;
    inset: 0.75rem;
    border: 2px dashed var(--focus);
    border-radius: 14px;
    content: '';
  }

  .drop span {
    padding: 0.625rem 1.25rem;
    border: 1px solid var(--line-strong);
    border-radius: 99px;
    background: var(--surface-raised);
    font-weight: 600;
  }

  header {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    min-block-size: 3.75rem;
    padding: 0.5rem 1.25rem;
    border-block-end: 1px solid var(--line);
  }

  .who {
    flex: 1;
    min-inline-size: 0;
  }

  .line {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-inline-size: 0;
  }

  h2 {
    min-inline-size: 0;
    overflow: hidden;
    font-size: 0.9375rem;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .short-id {
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  .about {
    display: flex;
    flex-wrap: wrap;
    column-gap: 0.375rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  .about span + span::before {
    padding-inline-end: 0.375rem;
    content: '·';
  }

  .back {
    display: none;
    margin-inline-start: -0.5rem;
  }

  .back svg:dir(rtl) {
    scale: -1 1;
  }

  .empty {
    display: grid;
    flex: 1;
    gap: 0.375rem;
    place-content: center;
    justify-items: center;
    padding: 2rem;
    color: var(--ink-soft);
    text-align: center;
  }

  .empty svg {
    inline-size: 2rem;
    block-size: 2rem;
    margin-block-end: 0.375rem;
  }

  .problem {
    padding: 0.375rem 1.25rem;
    background: var(--bad-surface);
    color: var(--bad);
    font-weight: 500;
    text-align: center;
  }

  .read-only {
    padding: 0.875rem;
    color: var(--ink-soft);
    text-align: center;
  }

  .empty .title {
    color: var(--ink);
    font-size: 1rem;
    font-weight: 600;
  }

  @media (max-width: 47.5rem) {
    header {
      gap: 0.25rem;
      padding: 0.5rem 0.875rem;
    }
    .back {
      display: inline-flex;
    }
    /* The name before all: what else stands beside it goes below. */
    .line {
      flex-wrap: wrap;
      gap: 0 0.5rem;
    }
    visitor-avatar,
    .close-text {
      display: none;
    }
    .close {
      inline-size: 2.5rem;
      padding: 0;
    }
  }

  /* The buttons have a line of their own. */
  @media (max-width: 22.5rem) {
    header {
      flex-wrap: wrap;
      justify-content: end;
    }
    .who {
      flex-basis: calc(100% - 3rem);
    }
  }
`

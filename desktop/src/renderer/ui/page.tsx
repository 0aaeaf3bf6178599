/** Parts of pages: notes, empty states, settings groups and rows, skeletons. */
import './page.css';
import type { ReactNode } from 'react';

/** An inline note. */
export function Note({
  tone,
  icon,
  children,
  actions,
}: {
  readonly tone: 'bad' | 'wrn' | 'inf';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={`note ${tone}`}>
      {icon}
      <div className="grow">{children}</div>
      {actions}
    </div>
  );
}

/** What a pane shows when there is nothing in it. */
export function EmptyState({
  icon,
  title,
  body,
  children,
  isSmall,
}: {
  readonly icon?: ReactNode;
  readonly title?: string | undefined;
  readonly body?: ReactNode;
  readonly children?: ReactNode;
  readonly isSmall?: boolean;
}) {
  return (
    <div className={`empty${isSmall ? ' small' : ''}`}>
      {icon ? (
        <div className="glyph" aria-hidden="true">
          {icon}
        </div>
      ) : null}
      {title ? <h2>{title}</h2> : null}
      {body ? <p>{body}</p> : null}
      {children ? <div className="acts">{children}</div> : null}
    </div>
  );
}

/** A titled group of settings rows. */
export function Group({
  title,
  tone,
  children,
}: {
  readonly title?: string | undefined;
  readonly tone?: 'danger' | undefined;
  readonly children: ReactNode;
}) {
  return (
    <section className={`sgrp${tone ? ` ${tone}` : ''}`}>
      {title ? <h2>{title}</h2> : null}
      <div className="sbox">{children}</div>
    </section>
  );
}

/** One row of a group. */
export function Row({
  icon,
  title,
  detail,
  children,
}: {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <div className="srow">
      {icon}
      <div className="grow">
        <div>{title}</div>
        {detail ? <div className="d">{detail}</div> : null}
      </div>
      {children}
    </div>
  );
}

/** Placeholder bars of a conversation row; the same height as a real one. */
export function SkeletonRow() {
  return (
    <div className="cr" aria-hidden="true">
      <span className="sk c sk-avatar" />
      <div className="grow">
        <span className="sk sk-line" />
        <span className="sk sk-line short" />
      </div>
    </div>
  );
}

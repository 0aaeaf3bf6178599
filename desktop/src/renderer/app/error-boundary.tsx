import { Component, type ErrorInfo, type ReactNode } from 'react';
import { translate } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/page.tsx';

/** Catches what only a bug can cause while drawing; everything written is already saved, so a reload loses nothing. */
export class ErrorBoundary extends Component<
  { readonly children: ReactNode },
  { readonly hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // The kind of error and where; its message may quote what a person wrote.
    // oxlint-disable-next-line no-console -- a window that broke has nowhere else to say so
    console.error('renderer failed while drawing', error.name, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    const t = translate();
    return (
      <EmptyState title={t('app.errorTitle')} body={t('app.errorBody')}>
        <Button tone="primary" onClick={() => window.location.reload()}>
          {t('app.reload')}
        </Button>
      </EmptyState>
    );
  }
}

import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SendState } from '../../ipc/message-rows.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { Receipt } from './receipt.tsx';

beforeEach(() => {
  installWorld();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

const names: Record<SendState, string> = {
  queued: 'Waiting to send',
  sending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
  parked: 'Waits for your answer',
};

describe('Receipt', () => {
  it.each(Object.entries(names) as [SendState, string][])('names the state %s', (state, name) => {
    renderUi(<Receipt state={state} />);
    expect(screen.getByRole('img', { name })).toBeTruthy();
  });

  it('keeps its slot while a quick send shows nothing, and shows a clock after a second', () => {
    renderUi(<Receipt state="queued" />);
    const slot = screen.getByRole('img', { name: 'Waiting to send' });
    expect(slot.querySelector('svg')).toBeNull();
    act(() => {
      vi.advanceTimersByTime(1001);
    });
    expect(slot.querySelector('svg')).not.toBeNull();
  });

  it('shows the clock at once when offline', () => {
    renderUi(<Receipt state="queued" isOffline />);
    expect(screen.getByRole('img').querySelector('svg')).not.toBeNull();
  });
});

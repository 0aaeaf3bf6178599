/** Notifications of macOS and Windows, and of a Linux desktop without a session bus, by Electron. */
import { Notification } from 'electron';
import type { NotificationSystem } from '../notification-system.ts';

/** Order of the buttons. */
const BUTTONS = ['markReadPressed', 'mutePressed'] as const;

/** See the file's head. */
export const nativeNotifications: NotificationSystem = {
  show({ title, body, actions, isSilent }, events, replaces) {
    replaces?.close();
    if (!Notification.isSupported()) {
      // As the others do: after the caller knows what it showed.
      queueMicrotask(() => events.refused());
      return { close: () => {} };
    }
    const notification = new Notification({
      title,
      body,
      silent: isSilent,
      ...(actions
        ? {
            hasReply: true,
            replyPlaceholder: actions.replyPlaceholder,
            actions: [
              { type: 'button', text: actions.markRead },
              { type: 'button', text: actions.muteHour },
            ],
          }
        : {}),
    });
    notification.on('show', () => events.shown());
    notification.on('failed', () => events.refused());
    notification.on('click', () => events.clicked());
    notification.on('reply', (_event, text) => events.replied(text));
    notification.on('action', (_event, index) => {
      const button = BUTTONS[index];
      if (button) events[button]();
    });
    notification.on('close', () => events.closed());
    notification.show();
    return { close: () => notification.close() };
  },
  facts: () =>
    Promise.resolve(Notification.isSupported() ? { name: null, version: null, capabilities: [] } : null),
};

/**
 * The tray icon: an unread dot, and a menu to come back or to quit. Owns that there is one only where some panel
 * shows it; the check for such a panel is asked again each time it matters.
 */
import { Menu, Tray, nativeImage } from 'electron';
import trayIcon from '../../../resources/tray.png?asset';
import trayUnreadIcon from '../../../resources/tray-unread.png?asset';
import trayTemplateIcon from '../../../resources/tray-template.png?asset';
import trayUnreadTemplateIcon from '../../../resources/tray-unread-template.png?asset';
import { texts } from '../texts.ts';

interface TrayPorts {
  toggleWindow(): void;
  showWindow(): void;
  newConversation(): void;
  quit(): void;
}

/** The icon in the panel. */
export class AppTray {
  readonly #tray: Tray;
  readonly #ports: TrayPorts;
  #unread = 0;

  constructor(ports: TrayPorts) {
    this.#ports = ports;
    this.#tray = new Tray(image(false));
    // macOS opens the menu on a click, as all its menu-bar icons do.
    if (process.platform !== 'darwin') this.#tray.on('click', () => ports.toggleWindow());
    this.#describe();
  }

  /** Shows whether, and in how many conversations, something is unread. */
  setUnread(count: number): void {
    if (count === this.#unread) return;
    const hadUnread = this.#unread > 0;
    this.#unread = count;
    if (hadUnread !== count > 0) this.#tray.setImage(image(count > 0));
    this.#describe();
  }

  /** Takes the icon away. */
  destroy(): void {
    this.#tray.destroy();
  }

  #describe(): void {
    const ports = this.#ports;
    const unread = texts.unread(this.#unread);
    this.#tray.setToolTip(this.#unread > 0 ? `${texts.appName}: ${unread}` : texts.appName);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        ...(this.#unread > 0 ? [{ label: unread, enabled: false }, { type: 'separator' } as const] : []),
        { label: texts.openApp, click: () => ports.showWindow() },
        { label: texts.newConversation, click: () => ports.newConversation() },
        { type: 'separator' },
        { label: texts.quit, click: () => ports.quit() },
      ]),
    );
  }
}

function image(hasUnread: boolean) {
  if (process.platform !== 'darwin') return nativeImage.createFromPath(hasUnread ? trayUnreadIcon : trayIcon);
  const template = nativeImage.createFromPath(hasUnread ? trayUnreadTemplateIcon : trayTemplateIcon);
  const icon = template.resize({ width: 16, height: 16 });
  icon.setTemplateImage(true);
  return icon;
}

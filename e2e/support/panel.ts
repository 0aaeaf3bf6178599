/**
 * A panel as people have it (xfce4-panel with its status tray, a host of StatusNotifierItem), at the top of the display.
 * What it shows is read from the display itself, by colour; a test clicks and types through xdotool.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DesktopApp } from './app.ts';
import { until } from './gestures.ts';

/** A picture of a part of the display. */
export interface Picture {
  readonly png: Buffer;
  /** Blue, green, red, alpha of every pixel. */
  readonly pixels: Buffer;
  /** What a failure quotes. */
  toJSON(): string;
}

/** A part of the display, in pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The running panel, with one icon in its tray. */
export interface Panel {
  /** Where it stands on the display. */
  readonly area: Area;
  /** Where the icon is. */
  readonly icon: Area;
  /** Presses a button of the mouse on the icon. */
  press(button: 'left' | 'right'): void;
  /** Presses keys, which go to an open menu. */
  keys(...keys: readonly string[]): void;
  stop(): Promise<void>;
}

/** What is missing to run it here. */
export function missingForPanel(): string[] {
  return ['xfce4-panel', 'xdotool', 'openbox'].filter(
    (command) => spawnSync('which', [command]).status !== 0,
  );
}

const channel = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=2;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="20"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="icon-size" type="uint" value="22"/>
    </property>
  </property>
</channel>
`;

/** Starts the panel on a session bus, whose services keep their settings in `configHome`. */
export async function startPanel(bus: {
  readonly env: { readonly DBUS_SESSION_BUS_ADDRESS: string };
  readonly configHome: string;
}): Promise<Panel> {
  const folder = join(bus.configHome, 'xfce4/xfconf/xfce-perchannel-xml');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'xfce4-panel.xml'), channel);
  const env = { ...process.env, ...bus.env, XDG_CONFIG_HOME: bus.configHome, GTK_THEME: 'Adwaita' };
  const panel = spawn('xfce4-panel', ['--disable-wm-check'], { env, stdio: 'ignore' });
  const xdotool = (...args: readonly string[]): string =>
    spawnSync('xdotool', args, { encoding: 'utf8', env, timeout: 5_000 }).stdout;
  const look = async (): Promise<Area> => {
    const found = xdotool('search', '--onlyvisible', '--class', 'xfce4-panel').trim().split('\n')[0];
    const shell = found ? xdotool('getwindowgeometry', '--shell', found) : '';
    const value = (name: string) => Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(shell)?.[1] ?? -1);
    return { x: value('X'), y: value('Y'), width: value('WIDTH'), height: value('HEIGHT') };
  };
  const area = await until('the panel stands on the display', look, ({ width, x }) => width > 200 && x > 0);
  const icon = { x: area.x + area.width - 28, y: area.y, width: 28, height: area.height };
  return {
    area,
    icon,
    press(button) {
      const [x, y] = [icon.x + icon.width / 2, icon.y + icon.height / 2];
      xdotool('mousemove', String(x), String(y), 'click', button === 'left' ? '1' : '3');
    },
    keys(...keys) {
      for (const key of keys) xdotool('key', key);
    },
    async stop() {
      const gone = new Promise((resolve) => panel.once('exit', resolve));
      panel.kill();
      await gone;
    },
  };
}

/** Takes a picture of a part of the display, through an app that runs on it. */
export async function photograph({ electron }: DesktopApp, area: Area): Promise<Picture> {
  const taken = await electron.evaluate(async ({ desktopCapturer, screen }, part) => {
    const thumbnailSize = screen.getPrimaryDisplay().size;
    const [display] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize });
    const image = display?.thumbnail.crop(part);
    return [image?.toPNG().toString('base64'), image?.toBitmap().toString('base64')];
  }, area);
  const [png, pixels] = taken.map((text) => Buffer.from(text ?? '', 'base64'));
  return { png: png ?? Buffer.alloc(0), pixels: pixels ?? Buffer.alloc(0), toJSON: () => 'a picture' };
}

/** How many pixels of a picture have about this colour. */
export function countColour(
  { pixels }: Picture,
  [red, green, blue]: readonly [number, number, number],
): number {
  let count = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const differs = [blue, green, red].some((part, n) => Math.abs((pixels[at + n] ?? 0) - part) > 24);
    if (!differs) count += 1;
  }
  return count;
}

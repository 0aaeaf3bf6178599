/** The sounds of notifications, made here: no file to load, and the same on every system. */

interface Tone {
  /** Hz. */
  readonly pitch: number;
  /** Seconds after the sound begins, and how long it rings. */
  readonly at: number;
  readonly length: number;
}

const sounds = {
  /** Two tones, a fifth up: water that comes in. */
  tide: [
    { pitch: 523.25, at: 0, length: 0.32 },
    { pitch: 783.99, at: 0.11, length: 0.5 },
  ],
  /** One short high tone. */
  drop: [{ pitch: 1046.5, at: 0, length: 0.18 }],
} as const satisfies Record<string, readonly Tone[]>;

/** Name of a sound. */
export type SoundName = keyof typeof sounds;

const VOLUME = 0.16;
const ATTACK_S = 0.012;

let context: AudioContext | undefined;

/** Plays a sound once. */
export function playSound(name: SoundName): void {
  context ??= new AudioContext();
  void context.resume();
  for (const { pitch, at, length } of sounds[name]) playTone(context, { pitch, at, length });
}

function playTone(audio: AudioContext, { pitch, at, length }: Tone): void {
  const startsAt = audio.currentTime + at;
  const oscillator = new OscillatorNode(audio, { type: 'sine', frequency: pitch });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, startsAt);
  gain.gain.linearRampToValueAtTime(VOLUME, startsAt + ATTACK_S);
  gain.gain.exponentialRampToValueAtTime(0.0001, startsAt + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(startsAt);
  oscillator.stop(startsAt + length);
}

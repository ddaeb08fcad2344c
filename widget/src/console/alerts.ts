/** What calls staff back to the inbox: the title, a sound, a notification. */

import { setting } from "./setting";
import type { Item } from "./types";
import { isMine } from "./views";

const SOUND = "frontdesk:sound";
const NOTICES = "frontdesk:notices";
const NOTES: [hertz: number, at: number][] = [
  [880, 0],
  [1174.7, 0.12],
];

/** Whether what changed is worth a call: newly queued, or new words in what is queued or one's own. */
export function calls(before: Item | undefined, item: Item, me: string): boolean {
  if (item.status !== "queued" && !isMine(item, me)) return false;
  if (item.status === "queued" && before?.status !== "queued") return true;
  return item.unread > (before?.unread ?? 0);
}

export type Alerts = ReturnType<typeof createAlerts>;

/** `open`: what a click on a notification opens. */
export function createAlerts(title: string, open: (id: string) => void) {
  let audio: AudioContext | undefined;
  let sound = setting(SOUND) !== "off";

  // Browsers let a page make sounds after its user has done something.
  const wake = () => {
    audio ??= typeof AudioContext === "function" ? new AudioContext() : undefined;
    void audio?.resume();
  };
  for (const event of ["pointerdown", "keydown"])
    addEventListener(event, wake, { once: true, capture: true });

  const beep = () => {
    if (!sound || audio?.state !== "running") return;
    for (const [hertz, at] of NOTES) {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const start = audio.currentTime + at;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.32);
    }
  };

  return {
    canAsk: () =>
      "Notification" in window &&
      Notification.permission === "default" &&
      setting(NOTICES) !== "off",
    decline: () => setting(NOTICES, "off"),
    ask: async () => {
      await Notification.requestPermission();
    },

    hasSound: () => sound,
    setSound: (on: boolean) => {
      sound = on;
      setting(SOUND, on ? "on" : "off");
      if (on) beep();
    },

    count: (waiting: number) => {
      const words = waiting ? `(${waiting}) ${title}` : title;
      if (document.title !== words) document.title = words;
    },

    call: (item: Item) => {
      beep();
      if (!("Notification" in window) || Notification.permission !== "granted") return;
      if (!document.hidden && document.hasFocus()) return;
      const head = `${item.contact.name || "Visitor"}${item.status === "queued" ? " is waiting" : ""}`;
      const note = new Notification(head, { body: item.preview, tag: item.id });
      note.onclick = () => {
        window.focus();
        open(item.id);
        note.close();
      };
    },
  };
}

/** A WebSocket that stays: it reconnects, notices silence, and wakes with the page. */

import type { Data } from "../types";
import { backoff } from "./backoff";
import { json } from "./stream";

const SILENCE = 45_000; // the server pings every 25 s
const HEALTHY = 10_000;
/** A short gap is nobody's business. */
const SHOWN_AFTER = 8_000;

/** No use in trying again: token, origin, conversation, another connection took over. */
const FINAL = [4401, 4403, 4404, 4409];

export interface Frame {
  event: string;
  data?: Data;
  seq?: number;
}

export interface Socket {
  isOpen(): boolean;
  send(event: string, data?: object): void;
  stop(): void;
}

/** `url` is asked anew for each connection, as the position moves. */
export function openSocket(
  url: () => string,
  protocols: string[],
  onFrame: (frame: Frame) => void,
  onLost: () => void,
  onSlow: (slow: boolean) => void,
  onRefused: (code: number) => void,
): Socket {
  let socket: WebSocket | undefined;
  let failures = 0;
  let heard = 0;
  let retry: ReturnType<typeof setTimeout>;
  let watchdog: ReturnType<typeof setTimeout>;
  let health: ReturnType<typeof setTimeout>;
  let slow: ReturnType<typeof setTimeout> | undefined;

  const listen = () => {
    heard = Date.now();
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, SILENCE);
  };

  const drop = () => {
    for (const timer of [retry, watchdog, health]) clearTimeout(timer);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    socket = undefined;
  };

  const connect = () => {
    drop();
    listen();
    try {
      socket = new WebSocket(url(), protocols);
    } catch {
      return lost(); // the page's policy forbids it
    }
    socket.onopen = () => {
      health = setTimeout(() => (failures = 0), HEALTHY);
      clearTimeout(slow);
      slow = undefined;
      onSlow(false);
    };
    socket.onmessage = ({ data }) => {
      listen();
      const frame = json(data) as Frame | null;
      if (frame?.event) onFrame(frame);
    };
    socket.onclose = lost;
  };

  const lost = (event?: CloseEvent) => {
    drop();
    onLost();
    slow ??= setTimeout(() => onSlow(true), SHOWN_AFTER);
    if (event && FINAL.includes(event.code)) {
      stop();
      onRefused(event.code);
    } else retry = setTimeout(connect, backoff(++failures));
  };

  /** Phones suspend sockets without a word: a page that wakes does not trust an old one. */
  const wake = () => {
    if (document.hidden) return;
    if (Date.now() - heard > SILENCE || !socket) connect();
  };

  const stop = () => {
    drop();
    clearTimeout(slow);
    removeEventListener("online", wake);
    removeEventListener("pageshow", wake);
    document.removeEventListener("visibilitychange", wake);
  };

  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
  connect();

  const isOpen = () => socket?.readyState === 1;
  return {
    isOpen,
    stop,
    send: (event, data = {}) => isOpen() && socket?.send(JSON.stringify({ event, data })),
  };
}

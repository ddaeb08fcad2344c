/**
 * The script tag, the element, and the page's own calls.
 *
 * Before the script has loaded, a page may already call, with this stub:
 *   window.FrontDesk ||= function () { (FrontDesk.q ||= []).push(arguments) };
 */

import { language, texts } from "./i18n";
import { createWidget, fetchConfig, type Widget } from "./widget";

const TAG = "front-desk";
const ATTRIBUTES = ["business", "base", "lang", "theme", "position", "open", "launcher", "z-index"];

declare global {
  interface Window {
    FrontDesk?: { (...args: unknown[]): void; q?: ArrayLike<unknown>[] };
  }
}

/** `origin`: where this script came from, for elements that do not say where their server is. */
function defineElement(origin: string) {
  return class FrontDesk extends HTMLElement {
    widget: Promise<Widget | null> | undefined;

    connectedCallback(): void {
      this.widget ??= this.mount();
    }

    disconnectedCallback(): void {
      // Frameworks move elements: only what stays away is over.
      queueMicrotask(() => this.isConnected || this.stop());
    }

    stop(forget = false): void {
      void this.widget?.then((widget) => widget?.stop(forget));
      this.widget = undefined;
    }

    private async mount(): Promise<Widget | null> {
      // An empty attribute is an attribute that is there: `open`.
      const option = (name: string) => this.getAttribute(name) ?? "";
      const flag = (name: string) =>
        option(name) || (name === "open" && this.hasAttribute(name) ? "true" : "");
      const base = (option("base") || origin).replace(/\/+$/, "");
      const config = await fetchConfig(base, option("business"));
      const tell = (event: string, detail?: unknown) =>
        this.dispatchEvent(
          new CustomEvent(`frontdesk:${event}`, { detail, bubbles: true, composed: true }),
        );
      if (!config) tell("error", { message: "no config" });
      if (!config) return null;
      const words = language(option("lang"), config.locale, ...navigator.languages);
      const t = await texts(base, words.lang);
      if (!this.isConnected) return null;
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      const widget = createWidget(this, root, base, config, words, t, flag, tell);
      tell("ready");
      return widget;
    }
  };
}

export function embed(script: HTMLScriptElement | null): void {
  const { origin } = new URL(script?.src || "/", location.href);
  // A page that embeds the script twice still gets one widget.
  const first = !customElements.get(TAG);
  if (first) customElements.define(TAG, defineElement(origin));
  const start = () => {
    if (script?.dataset.business && !document.querySelector(TAG)) mount(script);
    if (first) takeCalls();
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
}

function mount(script: HTMLScriptElement): void {
  const element = document.createElement(TAG);
  for (const name of ATTRIBUTES) {
    const value = script.getAttribute(`data-${name}`);
    if (value !== null) element.setAttribute(name, value);
  }
  document.body.append(element);
}

function takeCalls(): void {
  const waiting = window.FrontDesk?.q ?? [];
  window.FrontDesk = (...args) => void call(args);
  for (const args of Array.from(waiting)) window.FrontDesk(...Array.from(args));
}

async function call([command, first, second]: unknown[]): Promise<void> {
  if (command === "on") {
    const listener = (event: Event) =>
      (second as (detail: unknown) => void)((event as CustomEvent).detail);
    return document.addEventListener(`frontdesk:${first}`, listener);
  }
  const element = document.querySelector(TAG) as InstanceType<
    ReturnType<typeof defineElement>
  > | null;
  if (command === "shutdown") {
    element?.stop(true);
    return element?.remove();
  }
  const widget = await element?.widget;
  if (command === "send") widget?.send(`${first}`);
  else if (command === "open" || command === "close" || command === "toggle") widget?.[command]();
}

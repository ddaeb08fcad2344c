import { embed } from "./embed";

embed(document.currentScript as HTMLScriptElement | null);

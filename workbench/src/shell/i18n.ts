// The languages of the screen: both are on the device, so they can be switched without a network.

import { signal } from "@preact/signals";
import { type Catalogue, en } from "../words/en";
import { fr } from "../words/fr";
import type { Words } from "./types";

export const LANGUAGES = { fr: "Français", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;
const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, fr };

export const language = signal<Language>(known(document.documentElement.lang) ?? "en");

export function known(name: string): Language | null {
  const short = name.slice(0, 2).toLowerCase();
  return short in LANGUAGES ? (short as Language) : null;
}

export function speak(name: Language): void {
  language.value = name;
  document.documentElement.lang = name;
}

/** The sentences in the language of the screen. */
export function t(): Catalogue {
  return CATALOGUES[language.value];
}

/** Words of a schema in the language of the screen, or in one that they have; with the language they are in. */
export function said(
  words: Words | undefined,
  otherwise: string,
): { text: string; lang: string | undefined } {
  if (!words) return { text: otherwise, lang: undefined };
  for (const name of [language.value, "en", "fr", ...Object.keys(words)]) {
    const text = words[name];
    if (text !== undefined) return { text, lang: name === language.value ? undefined : name };
  }
  return { text: otherwise, lang: undefined };
}

/** An amount in major units, as the reader's language writes it, with as many decimals as its coins. */
export function money(amount: number, currency: string): string {
  const places = digits(currency);
  const decimals = { minimumFractionDigits: places, maximumFractionDigits: places };
  try {
    return new Intl.NumberFormat(language.value, { style: "currency", currency, ...decimals }).format(amount);
  } catch {
    return `${Math.round(amount)} ${currency}`;
  }
}

/** What an hour brings: never said to be more than it is. */
export function rate(amount: number, currency: string): string {
  const units = 10 ** digits(currency);
  return money(Math.floor(amount * units) / units, currency);
}

/** The digits of a currency behind the point: 0 for XOF, 2 for EUR. ISO 4217 gives MGA two that nobody pays with. */
export function digits(currency: string): number {
  if (currency === "MGA") return 0;
  try {
    const options = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    return options.maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** A length of time: «1 h 05» or «1 h 05 min», never with seconds. */
export function hours(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const rest = String(minutes % 60).padStart(2, "0");
  return `${Math.floor(minutes / 60)} h ${rest}`;
}

export function timeOfDay(at: number): string {
  return new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit" }).format(at);
}

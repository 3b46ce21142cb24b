// Which key picks which label: those that the schema names first, then digits, then letters; never one twice.

import type { Question, Schema } from "./types";

const ORDER = [..."1234567890qwetasdfgzxcvbyiopjklnm"];

export interface LabelKey {
  readonly question: Question;
  readonly value: string;
  readonly key: string;
}

export function labelKeys(schema: Schema): LabelKey[] {
  const labels = schema.asks.flatMap((question) =>
    (question.labels ?? []).map((label) => ({ question, label })),
  );
  const taken = new Set<string>();
  const named = new Map<string, string>();
  for (const { question, label } of labels) {
    if (!label.key || taken.has(label.key)) continue;
    taken.add(label.key);
    named.set(`${question.name} ${label.value}`, label.key);
  }
  const free = ORDER.filter((key) => !taken.has(key));
  return labels.flatMap(({ question, label }) => {
    const key = named.get(`${question.name} ${label.value}`) ?? free.shift();
    return key ? [{ question, value: label.value, key }] : [];
  });
}

/** The key as it is printed: the digit's place for digits, so that AZERTY needs no Shift; the letter for letters. */
export function pressed(event: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  return digit ?? event.key;
}

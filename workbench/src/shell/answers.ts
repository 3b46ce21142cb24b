// From what she entered to the items of the answer, in the form of Label Studio, and what is still missing.

import { type Draft, NOTE } from "./journal";
import type { Question, ResultItem, Schema } from "./types";

export function required(question: Question): boolean {
  return question.required ?? question.type === "choices";
}

/** The items of a result: one for each question that is answered, chosen labels in the schema's order. */
export function resultOf(schema: Schema, draft: Draft): ResultItem[] {
  return schema.asks.flatMap((question): ResultItem[] => {
    const value = draft[question.name] ?? [];
    const item = { id: question.name, from_name: question.name, to_name: question.to, type: question.type };
    if (question.type === "textarea") {
      const text = clean(value[0] ?? "").trim();
      return text ? [{ ...item, value: { text: [text] } }] : [];
    }
    const choices = (question.labels ?? [])
      .map((label) => label.value)
      .filter((label) => value.includes(label));
    return choices.length ? [{ ...item, value: { choices } }] : [];
  });
}

/** The questions that must be answered before Next. */
export function missing(schema: Schema, draft: Draft): Question[] {
  const answered = new Set(resultOf(schema, draft).map((item) => item.from_name));
  return schema.asks.filter((question) => required(question) && !answered.has(question.name));
}

export function noteOf(draft: Draft): string {
  return clean(draft[NOTE]?.[0] ?? "").trim();
}

/** Text that any program can keep: no NUL, and no half of a character, as a box that was full leaves one. */
export function clean(text: string): string {
  const whole = text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (one) =>
    one.length === 2 ? one : "\ufffd",
  );
  return whole.replaceAll("\0", "");
}

/** What a tap on a label makes of a question's value. */
export function picked(question: Question, value: readonly string[], label: string): string[] {
  if ((question.choice ?? "single") === "single") return value.includes(label) ? [] : [label];
  return value.includes(label) ? value.filter((one) => one !== label) : [...value, label];
}

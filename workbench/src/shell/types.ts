// The shapes that travel between the server, the device's database and the screen.

export type Words = Readonly<Record<string, string>>;

export interface Block {
  readonly name: string;
  readonly type: string;
  readonly field: string;
  readonly title?: Words;
  readonly lang?: string;
}

export interface Label {
  readonly value: string;
  readonly title?: Words;
  readonly hint?: Words;
  readonly key?: string;
}

export interface Question {
  readonly name: string;
  readonly type: string;
  readonly to: string;
  readonly title?: Words;
  readonly hint?: Words;
  readonly required?: boolean;
  readonly choice?: "single" | "multiple";
  readonly labels?: readonly Label[];
}

export interface Schema {
  readonly shows: readonly Block[];
  readonly asks: readonly Question[];
}

/** The language that each text of the client is in: hers, or the project's main one. Packs of before don't say it. */
export type Langs = Readonly<Record<string, string>>;

export interface Guideline {
  readonly version: number;
  /** Clean HTML, made by the server from Markdown. */
  readonly html: string;
  readonly changes: string;
  readonly langs?: Langs;
}

export interface Answered {
  readonly id: string;
  readonly text: string;
  readonly answer: string;
  readonly by_client: boolean;
}

/** `brings` is what she gets for today as it stands, in minor units of `currency`; `floor` an hour at the least, in major units. */
export interface Today {
  readonly day: string;
  readonly counted_ms: number;
  readonly currency: string;
  readonly brings: number;
  readonly floor: string | null;
}

/** What the device needs to know of one project before it can work on it. */
export interface Pack {
  readonly account: string;
  readonly language: string;
  readonly project: {
    readonly id: string;
    readonly name: string;
    readonly client: string;
    readonly purpose: string;
    readonly langs?: Langs;
  };
  readonly currency: string;
  readonly per_judgement: string;
  readonly per_hour: string;
  readonly schema: { readonly version: number; readonly body: Schema };
  readonly guideline: Guideline;
  readonly today: Today;
  readonly questions: readonly Answered[];
  readonly server_time: string;
}

export interface Picture {
  readonly id: string;
  readonly path: string;
  readonly expires_at: string;
  readonly sha256: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

export interface LeasedTask {
  readonly lease: number;
  readonly task: number;
  readonly position: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly media: string | null;
}

export interface Leased {
  readonly account: string;
  readonly tasks: readonly LeasedTask[];
  readonly pictures: readonly Picture[];
  readonly schema_version: number;
  readonly guideline_version: number;
  readonly expires_at: string;
  readonly more: boolean;
  readonly submit_token: string;
  readonly server_time: string;
}

/** The kinds of time that a device may send; the server knows more. */
export type Kind = "task" | "reading" | "question" | "redo" | "outage";

export interface SentSlice {
  readonly key: string;
  readonly kind: Kind;
  readonly started_at: string;
  readonly ms: number;
}

export interface ResultItem {
  readonly id: string;
  readonly from_name: string;
  readonly to_name: string;
  readonly type: string;
  readonly value: { readonly choices: readonly string[] } | { readonly text: readonly string[] };
}

export const SKIP_REASONS = ["unclear", "broken", "harmful", "language", "other"] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
export const FLAG_REASONS = ["harmful", "personal", "wrong", "hard", "other"] as const;
export type FlagReason = (typeof FLAG_REASONS)[number];

export type Outcome =
  | "stored"
  | "duplicate"
  | "late"
  | "stored_raw"
  | "superseded"
  | "two_answers"
  | "invalid"
  | "key_reused"
  | "not_yours"
  | "again";

export interface ItemOutcome {
  readonly key: string | null;
  readonly status: Outcome;
  readonly receipt: string | null;
  readonly why: readonly string[];
}

// What the worker says in the place of a page that can't be had: it must not carry all words of the workbench.

export interface Offline {
  readonly title: string;
  readonly text: string;
  readonly work: string;
  readonly again: string;
}

export const OFFLINE: Readonly<Record<string, Offline>> = {
  en: {
    title: "No connection",
    text: "This page needs a connection. Your work is on this phone: you can go on with it, and what you do is kept.",
    work: "To my work",
    again: "Try again",
  },
  fr: {
    title: "Pas de connexion",
    text: "Cette page a besoin d’une connexion. Votre travail est sur ce téléphone : vous pouvez continuer, et ce que vous faites est gardé.",
    work: "Reprendre mon travail",
    again: "Réessayer",
  },
};

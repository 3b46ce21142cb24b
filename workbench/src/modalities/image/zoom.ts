// Where a picture lies in its frame: scale 1 shows the whole of it. Pure, so that touch and keys share it.

export interface Place {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Place = { scale: 1, x: 0, y: 0 };
export const MOST = 8;

/** The picture never leaves its frame: no edge of it comes inside. */
export function inside(place: Place, frame: Size): Place {
  const scale = Math.min(MOST, Math.max(1, place.scale));
  const most = { x: (frame.width * (scale - 1)) / 2, y: (frame.height * (scale - 1)) / 2 };
  const within = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value)) || 0;
  return { scale, x: within(place.x, most.x), y: within(place.y, most.y) };
}

/** Makes it larger or smaller around a point of the frame, counted from the middle. */
export function zoomed(place: Place, by: number, at: { x: number; y: number }, frame: Size): Place {
  const scale = Math.min(MOST, Math.max(1, place.scale * by));
  const grown = scale / place.scale;
  return inside({ scale, x: at.x - (at.x - place.x) * grown, y: at.y - (at.y - place.y) * grown }, frame);
}

export function moved(place: Place, dx: number, dy: number, frame: Size): Place {
  return inside({ ...place, x: place.x + dx, y: place.y + dy }, frame);
}

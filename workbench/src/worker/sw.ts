declare const __FILES__: readonly string[];
declare const __BUILD__: string;
console.debug(__BUILD__, __FILES__.length);

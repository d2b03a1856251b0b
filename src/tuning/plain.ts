// Texts and numbers as a person at a terminal reads them.

/** Whether it takes two columns of a terminal: East Asian wide characters and most emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** `text` on one line, without anything that a terminal would obey, and in ASCII where it shows no more than that. */
export function plain(text: string, isUnicode: boolean): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, '');
  return isUnicode
    ? line
    : line
        .replaceAll('²', '2')
        .replaceAll('µ', 'u')
        .replaceAll('…', '...')
        .replace(/[^ -~]/gu, '?');
}

/** How many columns a text without control characters takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

/** As much of it as fits, with the sign that something is missing. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let taken = 0;
  for (const character of text) {
    taken += columnsOf(character);
    if (taken > columns - 3) break;
    kept += character;
  }
  return `${kept.trimEnd()}...`;
}

/** In lines of at most `columns`, broken between words; what a word has beyond a line is lost, and so are lines past `most`. */
export function wrap(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ').filter((word) => word !== '');
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) {
      line = longer;
    } else if (lines.length === most - 1) {
      return [...lines, cut([line, ...words.slice(index)].join(' ').trim(), columns)];
    } else {
      if (line !== '') lines.push(line);
      line = cut(word, columns);
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** `12,345`, `12.3`, `0.812`: three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1e9) return rounded.toExponential(2).replace('e+', 'e');
  if (Math.abs(rounded) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Math.abs(rounded) < 1e-3 && rounded !== 0 ? rounded.toExponential(1) : String(rounded);
}

/** `12,345`, whole. */
export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** `3.4 %` */
export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${value >= 99.95 || value === 0 ? Math.round(value) : value.toFixed(value < 0.1 ? 2 : 1)} %`;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `12.3 MiB` */
export function memory(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${figure(value)} ${UNITS[unit]}`;
}

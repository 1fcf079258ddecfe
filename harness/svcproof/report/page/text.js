// Text of others, made fit to be shown: no character of it is obeyed or hidden. As svcproof/printable.py has it.

const NOT_SHOWN = /[^\P{C}\n]|[\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
/** What repr() of Python escapes, and the quotes, of which it may escape one kind. */
const QUOTED = new RegExp(`\\\\|\\n|['"]|${NOT_SHOWN.source}`, "gu");

/** The text with an escape such as \x1b for each character but newlines that is not printable; tabs become spaces. */
function printable(text) {
  return withoutTabs(String(text)).replace(NOT_SHOWN, escapedCharacter);
}

/** The text in one line. */
function oneLine(text) {
  return printable(text).replaceAll("\n", "\\n");
}

function escapedCharacter(character) {
  if (character === "\r") return "\\r";
  const code = character.codePointAt(0);
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(number, digits) {
  return number.toString(16).padStart(digits, "0");
}

function withoutTabs(text) {
  if (!text.includes("\t")) return text;
  const expanded = (line) => {
    const [first, ...rest] = line.split("\t");
    return rest.reduce((before, part) => before + " ".repeat(8 - ([...before].length % 8)) + part, first);
  };
  return text.split(/(?<=[\r\n])/).map(expanded).join("");
}

/** The beginning of a text of more than `most` characters, and three dots. */
function cutText(text, most) {
  if (text.length <= most) return text;
  const characters = [...text.slice(0, 2 * most + 2)];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")} ...`;
}

/** A number with so many digits after the point; what lies between two is rounded to the even one, as Python does. */
function rounded(value, digits = 3) {
  const scaled = value * 10 ** digits;
  const isBetween = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs(scaled % 1) === 0.5;
  if (!isBetween) return value.toFixed(digits);
  return (2 * Math.round(scaled / 2) / 10 ** digits).toFixed(digits);
}

/** A value as json.dumps of Python writes it. */
function pythonJson(value) {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`);
    return `{${pairs.join(", ")}}`;
  }
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);
}

/** A text as repr() of Python writes it. */
function pythonRepr(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", [quote]: `\\${quote}` };
  const escape = (character) => short[character] ?? escapedCharacter(character);
  return quote + text.replace(QUOTED, (character) =>
    (character === "'" || character === '"') && character !== quote ? character : escape(character)) + quote;
}

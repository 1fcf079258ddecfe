// A value against a JSON Schema (2020-12), as far as the schema of run files uses it.

/** The first mistake in words; an empty text where the value fits. */
function schemaMistake(value, schema) {
  const definitions = schema.$defs;
  const options = schema.oneOf.map(({ $ref }) => definitions[$ref.split("/").pop()]);
  const own = options.find((option) => option.properties.kind.const === value.kind);
  return own ? mistakeIn(value, own, definitions, "") : "its kind is not one of the schema";
}

function mistakeIn(value, schema, definitions, place) {
  if (schema.$ref) return mistakeIn(value, definitions[schema.$ref.split("/").pop()], definitions, place);
  if (schema.anyOf) {
    const mistakes = schema.anyOf.map((option) => mistakeIn(value, option, definitions, place));
    return mistakes.some((mistake) => !mistake) ? "" : mistakes[0];
  }
  const mistake = mistakeOf(value, schema, definitions, place);
  if (typeof mistake === "string") return mistake;
  return `${place ? oneLine(cutText(place, 200)) : "it"} ${mistake.words}`;
}

/** A mistake in the value itself, as {words}; else, as a text, one in what it holds, or none. */
function mistakeOf(value, schema, definitions, place) {
  if ("const" in schema && value !== schema.const) return { words: `should be ${JSON.stringify(schema.const)}` };
  if (schema.enum && !schema.enum.includes(value)) return { words: `is none of ${schema.enum.join(", ")}` };
  if (schema.type && !isOfType(value, schema.type)) return { words: `should be ${schema.type}` };
  if (typeof value === "string") return mistakeInText(value, schema);
  if (typeof value === "number") return mistakeInNumber(value, schema);
  if (Array.isArray(value)) return mistakeInArray(value, schema, definitions, place);
  return value === null || typeof value !== "object" ? "" : mistakeInObject(value, schema, definitions, place);
}

function isOfType(value, type) {
  switch (type) {
    case "null": return value === null;
    case "array": return Array.isArray(value);
    case "object": return value !== null && typeof value === "object" && !Array.isArray(value);
    case "integer": return Number.isInteger(value);
    default: return typeof value === type;
  }
}

function mistakeInText(value, schema) {
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(value)) return { words: `does not look like ${schema.pattern}` };
  return value.length > 2 * (schema.maxLength ?? Infinity) ? { words: "is too long" } : "";
}

function mistakeInNumber(value, schema) {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  return value < minimum || value > maximum ? { words: "is out of range" } : "";
}

function mistakeInArray(value, schema, definitions, place) {
  const { minItems = 0, maxItems = Infinity, prefixItems = [] } = schema;
  if (value.length < minItems || value.length > maxItems) return { words: `has ${value.length} items` };
  for (const [number, item] of value.entries()) {
    const shape = prefixItems[number] ?? schema.items;
    const mistake = shape ? mistakeIn(item, shape, definitions, `${place}[${number}]`) : "";
    if (mistake) return mistake;
  }
  return "";
}

function mistakeInObject(value, schema, definitions, place) {
  const { properties = {}, required = [], additionalProperties: others = true } = schema;
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing) return { words: `lacks ${missing}` };
  for (const [key, item] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : others;
    if (known === true) continue;
    if (known === false) return { words: `has a key ${oneLine(cutText(JSON.stringify(key), 60))} that this page does not know, which may be older than the run` };
    const mistake = mistakeIn(item, known, definitions, place ? `${place}.${key}` : key);
    if (mistake) return mistake;
  }
  return "";
}

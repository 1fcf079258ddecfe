// What svcproof puts into the page for its scripts: JSON, in elements that no browser shows.

/** The value in an element; null where the page has none of this id. */
function embeddedValue(id) {
  const holder = document.getElementById(id);
  return holder ? JSON.parse(holder.textContent) : null;
}

/** The words that the page shares with svcproof: glyphs, short words, groups. */
function pageWords() {
  pageWords.known ??= embeddedValue("words");
  return pageWords.known;
}

/** The enhancements that the page knows, by number: {title, url}. */
function embeddedKeps() {
  return embeddedValue("keps") ?? {};
}

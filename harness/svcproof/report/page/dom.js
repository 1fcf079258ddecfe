// Elements of the page. Text of others goes in as text, through `printable`, and never as markup.

/** An element with attributes and children, which are elements or texts; what is null or empty is left out. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== "").map(shownChild));
  return made;
}

function shownChild(child) {
  return child instanceof Node ? child : printable(child);
}

/** A name from elsewhere, whose direction of writing is its own; nothing where it is empty. */
function foreignName(text) {
  return text === "" ? null : element("bdi", {}, oneLine(text));
}

/** A link where the address is one of the web; else the address as text. */
function webLink(url, text) {
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return foreignName(url);
  return element("a", { href: url, rel: "noopener noreferrer external" }, oneLine(text));
}

/** A container with the first `most` of many, and, where there are more, a button that puts the others there. */
function foldedMany(container, items, make, most, noun) {
  container.append(...items.slice(0, most).map(make));
  if (items.length <= most) return [container];
  const button = element("button", { type: "button", class: "details-more" }, `Show all ${items.length} ${noun}`);
  button.addEventListener("click", () => {
    container.append(...items.slice(most).map((item, place) => make(item, place + most)));
    button.remove();
  });
  return [container, button];
}

/** A part that opens and closes by its heading. */
function foldedPart(title, content, { open = false } = {}) {
  return element("details", { open, class: "details-part" }, element("summary", {}, title), content);
}

/** A button that puts a text on the clipboard, and says so. */
function copyButton(text, label) {
  const button = element("button", { type: "button", class: "details-copy" }, label);
  const notice = element("span", { role: "status", class: "details-said" });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      notice.textContent = "copied";
    } catch {
      notice.textContent = "this browser does not let a page copy: select the text instead";
    }
  });
  return [button, notice];
}

"""Foreign text in Markdown: nothing of it is obeyed, and all of it can be read."""

import pytest
from markdown_it import MarkdownIt

from svcproof.report.markdown import block, code, escaped, folded, link, table

WORDS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "![a](https://example.org/x.png)",
    "*a* _b_ **c** ~~d~~ `e` $f$",
    "# heading",
    "- item",
    "+ item",
    "12. item",
    "1) item",
    "=== ",
    "> quote",
    "| a | b |",
    "a\\|b",
    "`` a ` b ```",
    "&lt;&amp;&#64;",
    "a\nb\n\n# c",
    "\ttext",
    "    code",
    "[x]: https://example.org",
    "\"quoted\" 'so'",
    "\u202eleft\u202c \udc80 \x1b[31m",
    "🙂" * 5,
    "a" * 300,
)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def rendered(markdown: str) -> tuple[set[str], str]:
    """The kinds of tokens of a text of Markdown, and what is read of it."""
    kinds: set[str] = set()
    text = ""
    for token in READER.parse(markdown):
        kinds.add(token.type)
        for child in token.children or ():
            kinds.add(child.type)
            text += child.content
        if token.type == "fence":
            text += token.content
    return kinds, text.replace("\u200b", "")


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_a_text_is_a_paragraph_of_text(word):
    kinds, text = rendered(escaped(word))

    assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    assert text.isprintable()
    assert not set(word) & set("<*[`") or set(text) & set("<*[`")


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_a_code_span_holds_the_text_as_it_is(word):
    kinds, text = rendered(code(word))

    assert kinds == {"paragraph_open", "inline", "code_inline", "paragraph_close"}
    assert text.isprintable()
    assert text.strip() == code(word).strip("`").strip() or "`" in word


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_a_block_holds_a_command_on_one_line(word):
    kinds, text = rendered(block(word, "sh"))

    assert kinds == {"fence"}
    assert text.count("\n") == 1


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_a_cell_is_one_cell(word):
    kinds, _ = rendered("\n".join(table(["a", "b"], [[word, "c"]])))

    assert {kind for kind in kinds if not kind.startswith(("t", "inline"))} == set()
    row = READER.render("\n".join(table(["a", "b"], [[word, "c"]])))
    assert row.count("<td>") == 2


def test_nobody_is_told_and_nothing_is_linked_where_the_text_names_people_and_places():
    text = escaped("ask @admins about #12 at https://example.org or WWW.example.org")

    assert text == r"ask @&#8203;admins about \#&#8203;12 at https\://example.org or WWW\.example.org"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "https://a)b", "https://a\n", "", "//a"])
def test_only_addresses_of_the_web_are_linked(url):
    assert link("clause", url) == "clause"
    assert link("clause", "https://example.org/a#b") == "[clause](https://example.org/a#b)"


def test_what_is_folded_has_a_summary_of_text():
    assert folded("a <b>", ["* c"])[1] == "<summary>a &lt;b&gt;</summary>"

import pytest

from tests.pages.markup import mistakes
from tests.pages.samples import SOUND


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ("<p id=hint>again</p>", "the id 'hint' is there 2 times"),
        ("<label for=x>x</label>", "leads nowhere"),
        ("<button><a href=#x>x</a></button>", "<button> holds ['a']"),
        ("<table><tr><td>1</td></tr><tr><td>1</td><td>2</td></tr></table>", "a table has rows of [1, 2] cells"),
        ("<table><p>x</p></table>", "Unexpected"),
        ("<div", "Unexpected character after / in tag"),
        ("<span><div>x</div></span>", "<span> holds ['div']"),
        ("&nosuch;", "entity"),
        ("<h1>another</h1>", "there is not one <h1>"),
        ("<font>x</font>", "<font> is obsolete"),
        ("<ul><p>x</p></ul>", "outside of its items"),
    ],
)
def test_mistakes_in_markup_are_found(body, mistake):
    assert mistakes(SOUND.format("")) == []
    assert any(mistake.lower() in line.lower() for line in mistakes(SOUND.format(body))), mistakes(SOUND.format(body))

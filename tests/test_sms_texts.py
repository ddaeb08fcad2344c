"""Words as text messages: plain, counted, cut, and never asking for a word that Twilio swallows."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk import triggers, words
from frontdesk_plugins.sms.asking import safe
from frontdesk_plugins.sms.texts import LONGEST, is_gsm, normal, segments, split, unmarked

# ---- segments: the published vectors, and the rules --------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("a", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("{" * 80, 1), ("{" * 81, 2), ("a" * 152 + "{" + "a" * 10, 2), ("€" * 80, 1),
        ("漢" * 70, 1), ("漢" * 71, 2), ("漢" * 134, 2), ("漢" * 135, 3),
        ("\U0001f600" * 35, 1), ("\U0001f600" * 36, 2), ("a" * 69 + "ç", 1), ("a" * 70 + "ç", 2),
        ("a" * 66 + "\U0001f600" + "a" * 10, 2),
        # 67 units would end within the pair: it goes into the next segment, and all behind it.
        ("a" * 66 + "\U0001f600" + "a" * 65 + "a", 3),
        ("a" * 152 + "{" + "a" * 152, 3), ("a" * 151 + "{" + "a" * 153, 2),
    ],
)  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text(max_size=400))
def test_a_text_is_never_carried_by_less_than_it_needs(text: str) -> None:
    units = sum(2 if ord(char) > 0xFFFF else 1 for char in text)
    least = -(-len(text) // 153) if is_gsm(text) else -(-units // 67)
    count = segments(text)
    assert count <= 1 or count >= least
    assert (count == 0) == (text == "")
    assert segments(text + "a") >= count


# ---- plain -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u201cHi\u201d \u2013 it\u2019s 7\u202fpm\u2026", "\"Hi\" - it's 7 pm..."),
        ("2 \u00d7 pizza \u2192 \u20ac20", "2 x pizza -> \u20ac20"),
        ("cafe\u0301\u200b\ufeff \u00ab oui \u00bb", 'café " oui "'),
        ("\u2022 one\r\n\u2022 two\t\u00a0x \n\n\n\nend ", "- one\n- two x\n\nend"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 ok", "\U0001f468\u200d\U0001f469\u200d\U0001f467 ok"),
        ("\u202eevil\u202c", "evil"),
    ],
)  # fmt: skip
def test_normal(text: str, plain: str) -> None:
    assert normal(text) == plain


@given(st.text(max_size=300))
def test_normal_ends(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", once)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Booked** for *two*, _tonight_ at __7__.", "Booked for two, tonight at 7."),
        ("***both***, ~~old~~ and `code`", "both, old and code"),
        ("# Menu\n## Pizza ##\n* one\n+ two\n- three", "Menu\nPizza\n- one\n- two\n- three"),
        ("[our menu](https://b.example/m_e_n_u?a=*b*)", "our menu: https://b.example/m_e_n_u?a=*b*"),
        ("[https://b.example](https://b.example)", "https://b.example"),
        ("![pizza](https://b.example/p.png) <https://b.example/x>", "pizza: https://b.example/p.png https://b.example/x"),
        ("> quoted\n\n---\n\nend", "quoted\n\n\nend"),
        ("| Dish | Price |\n|:--|--:|\n| Margherita | $12 |", "Dish, Price\nMargherita, $12"),
        ("```json\n{}\n```", "{}"),
        (r"5 \* 3 and \_this\_", "5 * 3 and _this_"),
        ("2*3*4 = 24, snake_case_name, 5 * 3 * 2, *", "2*3*4 = 24, snake_case_name, 5 * 3 * 2, *"),
        ("**see https://b.example/a_b_c_d**", "see https://b.example/a_b_c_d"),
        ("+1 212 555 0123", "+1 212 555 0123"),
        ("Table for 4 at 7:00 PM (ref BK-7Q2M).", "Table for 4 at 7:00 PM (ref BK-7Q2M)."),
    ],
)  # fmt: skip
def test_without_markdown(text: str, plain: str) -> None:
    assert unmarked(text) == plain


@given(st.text(alphabet="*_~#+- \n\\.hab1", max_size=80))
def test_markdown_loses_no_words(text: str) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[^hab]", "", text)

    assert letters(unmarked(text)) == letters(text)


# ---- cutting -----------------------------------------------------------------------------------

URL = "https://bella.example/book?id=0123456789abcdef&lang=en#a.b,c!d"


def test_what_fits_stays_whole() -> None:
    assert split("Hello.\nIt is 7.") == ["Hello.\nIt is 7."]
    assert split("a" * 1530) == ["a" * 1530]
    assert split(" \n ") == []


def test_it_is_cut_between_paragraphs_first_and_says_which_part_it_is() -> None:
    text = "\n\n".join(f"{n} " + "word " * 150 for n in range(1, 5))
    parts = split(text)
    assert [part[:8] for part in parts] == ["(1/2) 1 ", "(2/2) 3 "]


def test_then_between_sentences_and_then_between_words() -> None:
    sentences = split("This is one of many sentences. " * 100)
    assert all(part.endswith("sentences.") for part in sentences)
    assert all(part.endswith("word") for part in split("word " * 700))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["word", "Ciao!", URL, "\n\n", "\n", "漢字", "\U0001f600", "x" * 90, "end."]),
        min_size=150, max_size=500,
    )
)  # fmt: skip
def test_nothing_is_lost_and_no_address_is_cut(pieces: list[str]) -> None:
    text = " ".join(pieces)
    parts = split(text)
    bare = [re.sub(r"^\(\d+/\d+\) ", "", part) for part in parts] if len(parts) > 1 else parts
    assert "".join("".join(part.split()) for part in bare) == "".join(text.split())
    for part in parts:
        assert len(part.encode("utf-16-le")) // 2 <= LONGEST
        assert segments(part) <= 10
    assert sum(part.count(URL) for part in parts) == text.count(URL)


def test_what_has_no_blanks_is_cut_between_characters() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f"
    parts = split(family * 300)
    assert len(parts) > 1
    assert not any(part.split(") ")[1][0] in "\u200d\ufe0f" for part in parts)


# ---- words that Twilio swallows ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        ("Reply YES to confirm or CANCEL to cancel.", "Reply OK to confirm or CANCEL IT to cancel."),
        ("Please reply yes to confirm.", "Please reply OK to confirm."),
        ("REPLY YES TO CONFIRM", "REPLY OK TO CONFIRM"),
        ("Answer 'yes' or 'no'.", "Answer 'OK' or 'no'."),
        ("Please answer: yes or no?", "Please answer: OK or no?"),
        ("Text HELP for the menu, INFO for more.", "Text HELP ME for the menu, MORE INFO for more."),
        ("Reply with the word STOP to drop it", "Reply with the word STOP IT to drop it"),
        ('Reply "cancel" if you cannot come.', 'Reply "cancel it" if you cannot come.'),
        ("Just say START when ready. Type QUIT or END.", "Just say BEGIN when ready. Type DONE or DONE."),
        ("Responda STOP si no viene.", "Responda STOP IT si no viene."),
        ("Antworten Sie mit INFO für die Karte.", "Antworten Sie mit MORE INFO für die Karte."),
        ("Répondez YES pour confirmer.", "Répondez OK pour confirmer."),
        ("Risponda YES per confermare.", "Risponda OK per confermare."),
    ],
)  # fmt: skip
def test_asks_for_other_words(asked: str, instead: str) -> None:
    assert safe(asked) == instead


@pytest.mark.parametrize(
    "text",
    [
        "Yes, we are open until 10. Can I help?", "You can cancel until 6 PM.",
        "Shall I cancel it? The bus stop is across the road.", "I can send info about parking.",
        "We will send help.", "The happy hour ends at 7. Start with the soup!",
        "Reply STOP to opt out.", "Reply START to get our messages again.",
        "Reply 1 to confirm, 2 to change.", "Text us to cancel.", "Your answer was yes.",
        "Reply STOP to unsubscribe, HELP for help.",
    ],
)  # fmt: skip
def test_leaves_the_rest_alone(text: str) -> None:
    assert safe(text) == text


def test_the_engines_own_words_are_safe() -> None:
    own = [text for rule in triggers.core_triggers() for text in rule.reply.values()]
    tables = [table for table in vars(words).values() if isinstance(table, dict)]
    own += [text for table in tables for text in table.values() if isinstance(text, str)]
    assert len(own) > 60
    assert [text for text in own if safe(text) != text] == []


WORDS = [
    "Reply",
    "answer",
    "YES",
    "yes",
    "STOP",
    "CANCEL",
    "to",
    "confirm",
    "or",
    '"help"',
    ".",
    "\n",
    "INFO",
    "text",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_once_is_enough(text: str) -> None:
    assert safe(safe(text)) == safe(text)

"""No card number is kept, and nothing else is taken."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.redact import CARD, IDENTITY, cards

# Test numbers that the payment processors publish; none of them is anybody's.
VISA, MASTERCARD, AMEX = "4111111111111111", "5555555555554444", "378282246310005"
FULL_WIDTH, ARABIC = (
    str.maketrans("0123456789", "".join(chr(zero + n) for n in range(10)))
    for zero in (0xFF10, 0x660)
)
NUMBERS = (
    VISA, MASTERCARD, AMEX, "4012888888881881", "5105105105105100", "2223003122003222",
    "371449635398431", "6011111111111117", "6011000990139424", "3056930009020004", "36227206271667",
    "30569309025904", "38520000023237", "3566002020360505", "3530111333300000", "6200000000000005",
    "6205500000000000004", "4222222222222", "4917610000000000003", "6759649826438453",
    "6304000000000000", "5018000000000009", "2200000000000053", "6521111111111110",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_a_card_number_is_taken_out(number: str) -> None:
    assert cards(f"my card is {number}, thanks") == (f"my card is {CARD}, thanks", True)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111", "4111.1111.1111.1111", "4111\u20131111\u20131111\u20131111",
        "4111\u00a01111\u00a01111\u00a01111", "4111\u200b1111\u200b1111\u200b1111", "4111 1111\n1111 1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "41 11 11 11 11 11 11 11", "411111 1111111111",
        "4111  1111  1111  1111", "4111 - 1111 - 1111 - 1111", "4111-1111 1111.1111", "3782 822463 10005",
        "3782-822463-10005", VISA.translate(FULL_WIDTH), VISA.translate(ARABIC), "4\u200d111111111111111",
        "4111/1111/1111/1111", "4111,1111,1111,1111", "4111|1111|1111|1111", "4111*1111*1111*1111",
        "".join(digit + "\ufe0f\u20e3" for digit in VISA)[:-2], "4111_1111_1111_1111", "4111·1111·1111·1111",
    ],
)  # fmt: skip
def test_it_may_be_written_in_any_way(text: str) -> None:
    assert cards(text) == (CARD, True)
    assert cards(f"(card:{text})") == (f"(card:{CARD})", True)


@pytest.mark.parametrize(
    "beside",
    [
        " exp 12/27 cvv 123", " exp 12/27, cvv: 123", " 12/27 123", ", 12/2027, 123", " exp. 1227 code 999",
        " valid thru 01/30", " cvc 1234", " (exp 03/29) cvv2 321", " 0328",
        " expiry date 04-29 security code 123",
        " caduca 12/27 cvv 123", " gültig bis 12/27 Prüfnummer 123", " expire 12/27 cryptogramme 123",
        " scadenza 12/27 codice di sicurezza 123", " and cvv is 123", "\nexp 12/27\ncvv 123",
    ],
)  # fmt: skip
def test_expiry_and_code_beside_it_go_too(beside: str) -> None:
    kept, found = cards(f"it is {VISA}{beside} ok")
    assert found
    assert not any(c.isdigit() for c in kept)
    assert kept.startswith(f"it is {CARD}")
    assert kept.endswith(" ok")


def test_a_code_with_its_name_goes_without_a_card() -> None:
    assert cards("my cvv is 123") == (f"my {CARD}", True)
    assert cards("CVC: 1234") == (CARD, True)


def test_several_cards() -> None:
    both = f"{VISA} or {MASTERCARD}"
    assert cards(both) == (f"{CARD} or {CARD}", True)
    assert cards("4111 1111 1111 1111 5555 5555 5555 4444")[0] == f"{CARD} {CARD}"
    assert cards("table for 4 4111 1111 1111 1111, 2 kids")[0] == f"table for 4 {CARD}, 2 kids"


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "table for 4 at 7", "call me on +1 212 555 0123", "2125550123", "+49 151 12345678",
        "+4915112345678", "my phone is 4915112345672", "tel 4915112345672", "+44 7911 123456",
        "415 555 0123 415 555 0124", "415-555-0123 or 415-555-0198", "(415) 555-0123 x4567",
        "0044 20 7946 0958",
        "49 151 12345672", "+491511234567890", "7F3K-9QXM", "order 1234567890123456", "4111111111111112",
        "1234 5678 9012 3456", "order #100200300400500", "9400111899223197428490", "978-3-16-148410-0",
        "24.11.2026 25.11.2026", "from 25/01/2026 - 27/01/2026", "25/01/2026-27/01/2026",
        "22/02/2026,01/03/2026", "3.00 3.50 7.00 7,50 9.00", "3,00 9.30 9,50 3.30 5,50",
        "from 24-11-2026 - 26-11-2026", "2026-11-24 19:00 2026-11-25 20:00",
        "4.30 5.30 6.30 7.30 8.30", "4111 1111", "0000000000000000", "1763850000000", "41111111111111112",
        "12344111111111111111", "my code is 123", "room 123-45", "12/27 at 7:30", "pin 1234",
        "123-45-678", "000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "123456789",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert cards(text) == (text, False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my social is 123-45-6789 ok", f"my social is {IDENTITY} ok"),
        ("123\u201145\u20116789", IDENTITY),
        ("SSN 123456789", f"SSN {IDENTITY}"),
        ("ssn: 123 45 6789", f"ssn: {IDENTITY}"),
        ("my social security number is 123.45.6789", f"my social security number is {IDENTITY}"),
    ],
)
def test_social_security_numbers(text: str, kept: str) -> None:
    assert cards(text) == (kept, True)


def luhn(digits: str) -> str:
    """The digits with their check digit."""
    total = sum(sum(divmod(int(d) * (2 - n % 2), 10)) for n, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    """A valid number in groups of any sizes, with any separators."""
    first, length = draw(
        st.sampled_from(
            [("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15),
             ("37", 15), ("300", 14), ("36", 14), ("38", 14), ("6011", 16), ("65", 16), ("62", 16),
             ("3528", 16), ("3589", 16), ("6759", 16), ("2200", 16)]
        )
    )  # fmt: skip
    rest = draw(
        st.text("0123456789", min_size=length - len(first) - 1, max_size=length - len(first) - 1)
    )
    number = luhn(first + rest)
    gap = st.sampled_from(["", "", "", " ", "-", ".", "\u00a0", "\u200b", " - ", "\n"])
    return number[0] + "".join(draw(gap) + digit for digit in number[1:])


@given(
    written_cards(),
    st.sampled_from(["", "my card is ", "for 4, ", "Ana, "]),
    st.sampled_from(["", " thanks", ", ok"]),
)
def test_every_valid_card_is_found_in_any_grouping(card: str, before: str, after: str) -> None:
    assert cards(before + card + after) == (before + CARD + after, True)


@given(st.text())
def test_text_without_so_many_digits_is_never_changed(text: str) -> None:
    bare = "".join(c for c in text if not c.isdigit())
    assert cards(bare + " 12 34 56 78") == (bare + " 12 34 56 78", False)


DIGITS = st.text("0123456789 -./cv", max_size=80)


@given(DIGITS | st.lists(written_cards() | DIGITS).map(" ".join))
def test_done_twice_it_changes_nothing_more(text: str) -> None:
    once, found = cards(text)
    assert cards(once)[0] == once
    assert found == (once != text)


@pytest.mark.parametrize(
    "unit", ["4", "4 ", "4111 ", "4.30 ", "5-", "cvv ", "12/27 ", "phone ", "4111111111111112 "]
)
def test_it_is_fast(unit: str) -> None:
    text = (unit * 4000)[:4000]
    start = time.process_time()
    cards(text)
    assert time.process_time() - start < 0.5

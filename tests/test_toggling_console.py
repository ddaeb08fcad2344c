"""The staff console without the pages of plugins that are off."""

from pathlib import Path

from support import serving
from support_pages import Console, Person, console, text_of
from support_toggling import desk_of, until, without, write

from frontdesk import Business
from frontdesk.testing import TestDesk

TOOLS = ("lookup_booking", "view_order", "search_faq")
"""One of each plugin: a menu has the pages of what a business uses."""
SHOP = Business(id="shop", name="Shop", tools=TOOLS)
OTHER = Business(id="other", name="Other", tools=TOOLS)


async def names(person: Person) -> list[str]:
    html = await person.see("account")
    return [name for name in ("bookings", "orders", "faq") if f'/console/{name}"' in html]


async def test_a_business_without_a_plugin(tmp_path: Path) -> None:
    async with console(tmp_path, SHOP, OTHER) as office:
        owner, neighbour = (
            await office.sign_in("shop", "owner"),
            await office.sign_in("other", "owner"),
        )
        assert await names(owner) == ["bookings", "orders", "faq"]
        await office.desk.desk.apply(without(SHOP, "booking"))
        assert await names(owner) == ["orders", "faq"]
        page = text_of(await owner.see("bookings", status=404))
        assert "Bookings is switched off for Shop at the moment" in page
        assert "the plugin 'booking'" in page
        assert (await owner.post("bookings", "cancel"))[0] == 404
        assert await names(neighbour) == ["bookings", "orders", "faq"]
        await office.desk.desk.apply(SHOP)
        assert await names(owner) == ["bookings", "orders", "faq"]
        await owner.see("bookings")


async def test_a_menu_has_what_a_business_uses(tmp_path: Path) -> None:
    library = Business(id="library", name="Library", tools=("lookup_booking",))
    async with console(tmp_path, library) as office:
        owner = await office.sign_in("library", "owner")
        assert await names(owner) == ["bookings"]
        await owner.see("orders")  # what was there before stays at its address


async def test_an_installation_without_a_plugin(tmp_path: Path) -> None:
    async with console(tmp_path, SHOP) as office:
        owner = await office.sign_in("shop", "owner")
        office.desk.desk.switch_plugins({"orders"})
        assert await names(owner) == ["bookings", "faq"]
        assert "switched off for everyone" in text_of(await owner.see("orders", status=404))
        assert "There is no such page" in text_of(await owner.see("nothing", status=404))
        office.desk.desk.switch_plugins(())
        assert await names(owner) == ["bookings", "orders", "faq"]
        await owner.see("orders")


async def test_pages_of_a_plugin_that_is_loaded_later(tmp_path: Path) -> None:
    file = tmp_path / "frontdesk.toml"
    write(file, "orders")
    desk = desk_of(tmp_path, file)
    async with serving(desk) as url:
        await desk.apply(SHOP)
        office = Console(TestDesk(desk, []), url)
        owner = await office.sign_in("shop", "owner")
        assert await names(owner) == ["bookings", "faq"]
        write(file)
        await until(lambda: "orders" in desk.plugins.enabled())
        assert await names(owner) == ["bookings", "orders", "faq"]
        await owner.see("orders")
        await owner.http.aclose()

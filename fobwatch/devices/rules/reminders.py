"""What we remind of about devices: a set-up that was not finished, and the support table. Numbers are our choice."""

from fobwatch.kernel.permission import Permission
from fobwatch.people.rules.reminders import Kind

UNFINISHED = Kind(
    key="devices.unfinished",
    what="Finish setting up a device",
    text=(
        "You have begun to set up a device for work, or your organisation has given you one, and it is not finished. It"
        " takes about two minutes, and goes on where you left off. Open the page on that device. If you don't want it"
        " any more, sign in, choose your devices, and remove it."
    ),
    why="a device of yours is still being set up",
    page="devices:start",
    first=2,
    every=5,
    most=2,
    seen_with=Permission.SEE_REGISTER,
)
SUPPORT = Kind(
    key="devices.support",
    what="Check the list of supported versions",
    text=(
        "A line of your list of supported versions counts until {day} and no longer. After that, devices with that"
        " version may be refused. Open the list, look at the maker's page, and bring the line up to date. Where fixes"
        " really end, ask staff with that version to update now."
    ),
    why="your role here includes keeping the list of supported versions",
    page="devices:support",
    first=0,
    every=10,
    most=3,
    seen_with=Permission.SEE_PEOPLE,
)

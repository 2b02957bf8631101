"""What each role may do, as one readable table; nothing else grants anything, superuser included."""

from dataclasses import dataclass
from enum import StrEnum

from organizations.models import Role, Unit, User


class Ability(StrEnum):
    """Things a person can be allowed to do."""

    DRAFT = "draft"  # write, submit and correct items
    DECIDE = "decide"  # decide a step of review for which the route names this role and unit
    RECORD = "record"  # enter a decision taken in a meeting or received as a document
    URGE = "urge"  # open an item before its review is through, with a reason; others confirm it
    WITHDRAW = "withdraw"  # take a disclosure back, with a reason
    PIN = "pin"  # put disclosed items at the top of a list
    READ_ITEMS = "read_items"  # read items, revisions and timelines in the admin
    HANDLE = "handle"  # accept, investigate, answer and put right what readers report
    OPEN_IDENTITY = "open_identity"  # ask to open the sealed identity of a sender; an Event each time
    GRANT_IDENTITY = "grant_identity"  # grant or refuse what another person asked for
    READ_TRAIL = "read_trail"  # read every Event
    KEEP_CATALOGUE = "keep_catalogue"  # change the catalogue, forms, matters and routes
    KEEP_ACCOUNTS = "keep_accounts"  # change units, users, appointments and memberships


A = Ability


@dataclass(frozen=True)
class Row:
    """Abilities within the appointment's own unit, and everywhere; and whether it reads every internal disclosure."""

    own: frozenset[Ability] = frozenset()
    everywhere: frozenset[Ability] = frozenset()
    reads_internal: bool = False


def row(*own: Ability, everywhere: tuple[Ability, ...] = (), reads_internal: bool = False) -> Row:
    """Write one line of the table."""
    return Row(frozenset(own), frozenset(everywhere), reads_internal)


TABLE: dict[str, Row] = {
    # abilities in the own unit | in every unit | reads every internal disclosure
    Role.DRAFTER: row(A.DRAFT, A.READ_ITEMS, A.HANDLE),
    Role.BRANCH_SECRETARY: row(A.DECIDE, A.WITHDRAW, A.READ_ITEMS, A.HANDLE),
    Role.EXAMINER: row(
        A.DECIDE,
        everywhere=(A.RECORD, A.WITHDRAW, A.PIN, A.READ_ITEMS, A.HANDLE, A.OPEN_IDENTITY, A.KEEP_CATALOGUE),
        reads_internal=True,
    ),
    Role.OFFICE_DIRECTOR: row(
        A.DECIDE,
        everywhere=(A.RECORD, A.WITHDRAW, A.PIN, A.READ_ITEMS, A.HANDLE, A.OPEN_IDENTITY, A.KEEP_CATALOGUE),
        reads_internal=True,
    ),
    Role.GROUP_LEADER: row(A.DECIDE, everywhere=(A.URGE, A.READ_ITEMS, A.GRANT_IDENTITY), reads_internal=True),
    Role.GROUP_DEPUTY: row(A.DECIDE, everywhere=(A.READ_ITEMS,), reads_internal=True),
    Role.GROUP_MEMBER: row(A.DECIDE, everywhere=(A.READ_ITEMS,), reads_internal=True),
    Role.SUPERIOR_REVIEWER: row(A.DECIDE, A.HANDLE, A.OPEN_IDENTITY, A.GRANT_IDENTITY, reads_internal=True),
    Role.SUPERVISOR: row(everywhere=(A.READ_ITEMS, A.READ_TRAIL), reads_internal=True),
    Role.AUDITOR: row(everywhere=(A.READ_TRAIL,)),
    Role.SYSADMIN: row(everywhere=(A.KEEP_ACCOUNTS,)),
}


def may(user: User, ability: Ability, unit: Unit | int | None = None) -> bool:
    """Whether `user` holds `ability` today in `unit` (object or primary key); without a unit, anywhere at all."""
    unit_id = unit.pk if isinstance(unit, Unit) else unit
    for appointment in seats(user) if ability is Ability.DECIDE else appointments(user):
        granted = TABLE[appointment.role]
        if ability in granted.everywhere:
            return True
        if ability in granted.own and unit_id in (None, appointment.unit_id):
            return True
    return False


def units_where(user: User, ability: Ability) -> frozenset[int] | None:
    """Primary keys of the units in which `user` holds `ability` today; None means every unit."""
    rows = [(a.unit_id, TABLE[a.role]) for a in appointments(user)]
    if any(ability in granted.everywhere for _unit, granted in rows):
        return None
    return frozenset(unit for unit, granted in rows if ability in granted.own)


def reads_every_internal(user: User) -> bool:
    """Whether an office of `user` reads every internal disclosure without being a member of the branch."""
    return any(TABLE[a.role].reads_internal for a in appointments(user))


def may_read_trail(user: User) -> bool:
    """Whether `user` may read every Event; named in settings for the audit room."""
    return may(user, Ability.READ_TRAIL)


def appointments(user: User) -> list:
    """Appointments of `user` in force today; an anonymous visitor has none."""
    return user.appointments_today if getattr(user, "is_authenticated", False) else []


def seats(user: User) -> list:
    """Appointments in which `user` decides today: own ones, unless away, and those they stand in for."""
    return user.seats_today if getattr(user, "is_authenticated", False) else []

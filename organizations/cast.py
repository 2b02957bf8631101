"""The cast: one demonstration account for each part people play; never bound to a printed name.

`docs/roles.md` prints this table beside what each role may do, and a test compares the two.
"""

from dataclasses import dataclass

from organizations.models import Role


@dataclass(frozen=True)
class Player:
    """A demonstration account: appointments as (role, unit code, office held), and the branch it is a member of."""

    username: str
    display_name: str
    appointments: tuple[tuple[str, str, str], ...] = ()
    branch: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the account works in the admin."""
        return bool(self.appointments)


CAST: tuple[Player, ...] = (
    Player("drafter", "演示·局起草人", ((Role.DRAFTER, "JG", "局党务公开起草人"),), "ZB00"),
    Player("branch_drafter", "演示·支部起草人", ((Role.DRAFTER, "ZB01", "支部党务公开起草人"),), "ZB01"),
    Player("secretary", "演示·支部书记", ((Role.BRANCH_SECRETARY, "ZB01", "支部书记"),), "ZB01"),
    Player("examiner", "演示·办公室审核", ((Role.EXAMINER, "LB", "领导小组办公室审核员"),), "ZB00"),
    Player("leader", "演示·组长", ((Role.GROUP_LEADER, "LX", "领导小组组长"),), "ZB00"),
    Player(
        "deputy",
        "演示·副组长",
        ((Role.GROUP_DEPUTY, "LX", "领导小组副组长"), (Role.SUPERIOR_REVIEWER, "JW", "机关党委书记")),
        "ZB00",
    ),
    Player("member", "演示·成员", ((Role.GROUP_MEMBER, "LX", "领导小组成员"),), "ZB00"),
    Player("superior", "演示·上级审核", ((Role.SUPERIOR_REVIEWER, "SJ", "上级党组织审核人"),)),
    Player("party_member", "演示·一支部党员", (), "ZB01"),
    Player("other_member", "演示·二支部党员", (), "ZB02"),
    Player("supervisor", "演示·监督员", ((Role.SUPERVISOR, "JG", "党务公开监督员"),)),
    Player("auditor", "演示·审计员", ((Role.AUDITOR, "JG", "审计员"),)),
    Player("sysadmin", "演示·系统管理员", ((Role.SYSADMIN, "JG", "系统管理员"),)),
)

import pytest

from runtime.accounts.roles import ACTIONS, ACTIONS_OF, ROLES, roles_for, title
from runtime.language import ngettext, using


def test_every_role_has_a_name_in_both_languages():
    assert [title(role) for role in ROLES] == [role.capitalize() for role in ROLES]
    with using("zh-CN"):
        assert title("staff") == "填报人员"


def test_an_action_belongs_to_somebody():
    assert roles_for("entry.read") == ("staff", "reviewer")
    assert all(roles_for(action) for action in ACTIONS)
    with pytest.raises(ValueError, match="unknown actions"):
        roles_for("entry.everything")


def test_who_designs_or_administers_reads_no_personal_records():
    for role in ("designer", "steward", "administrator"):
        assert not ACTIONS_OF[role] & {"entry.read", "subject.read", "entry.fill"}


def test_who_read_a_subject_is_told_to_those_who_may_read_it():
    assert roles_for("audit.read") == ("staff", "administrator")
    assert roles_for("subject.read") == ("staff",)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_chinese_has_one_form_for_every_number(n):
    with using("zh-CN"):
        text = ngettext(
            "%(n)s cell must be corrected first.", "%(n)s cells must be corrected first.", n
        )
    assert text == f"请先更正 {n} 个单元格。"

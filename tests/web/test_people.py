import re

import pytest

pytestmark = pytest.mark.databases("sqlite")
NEW = {"name": "wangfang", "full_name": "Wang Fang 王芳", "password": "first-day-2026"}


def test_a_user_is_made_given_a_role_and_switched_off(visitor):
    admin = visitor("admin")
    admin.get("/users/")
    where = admin.post("/users/", NEW).location
    admin.get(where)
    admin.post(where + "/roles", {"role": "staff", "unit": "9901010010001", "department": ""})
    assert visitor().sign_in("wangfang", NEW["password"]).status_code == 302
    page = admin.get(where).text
    assert "Lakeside Community" in page
    held = re.search(r"/roles/(\d+)/revoke", page)[1]
    admin.post(f"{where}/roles/{held}/revoke")
    assert f"/roles/{held}/revoke" not in admin.get(where).text
    admin.post(where + "/state", {"active": "no"})
    assert visitor().sign_in("wangfang", NEW["password"]).status_code == 401


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "chenwei"}, "already"),
        ({"password": "short"}, "at least 10"),
        ({"name": "no spaces please"}, "no spaces"),
    ],
)
def test_what_is_wrong_with_a_new_user_is_told_and_kept(visitor, change, said):
    admin = visitor("admin")
    admin.get("/users/")
    answer = admin.post("/users/", NEW | change)
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="Wang Fang 王芳"' in answer.text


def test_nobody_switches_himself_off(visitor):
    admin = visitor("admin")
    page = admin.get("/users/").text
    me = re.search(r'href="(/users/\d+)">Xu Yan', page)[1]
    admin.get(me)
    assert admin.post(me + "/state", {"active": "no"}).status_code == 400
    assert admin.get("/users/").status_code == 200

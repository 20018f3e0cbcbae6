import pytest

from tests.rig.city import PASSWORD

pytestmark = pytest.mark.databases("sqlite")


def test_a_stranger_is_sent_to_sign_in_and_comes_back(visitor):
    somebody = visitor()
    answer = somebody.get("/registers/resident?q=li")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    somebody.get(answer.location)
    data = {"name": "chenwei", "password": PASSWORD, "next": "/registers/resident?q=li"}
    assert somebody.post("/sign-in", data).location == "/registers/resident?q=li"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x", "\\\\x", ""]
)
def test_nobody_is_sent_elsewhere(visitor, address):
    somebody = visitor()
    somebody.get("/sign-in")
    answer = somebody.post("/sign-in", {"name": "chenwei", "password": PASSWORD, "next": address})
    assert answer.location == "/"


def test_a_wrong_password_says_the_same_as_an_unknown_name(visitor):
    somebody = visitor()
    said = []
    for name in ("chenwei", "nobody"):
        somebody.get("/sign-in")
        answer = somebody.post("/sign-in", {"name": name, "password": "wrong"})
        assert answer.status_code == 401
        said.append(answer.text.partition('id="refused"')[2][:120])
    assert said[0] == said[1] != ""


def test_many_attempts_must_wait(visitor):
    somebody = visitor()
    somebody.get("/sign-in")
    for _attempt in range(10):
        somebody.post("/sign-in", {"name": "nobody", "password": "wrong"})
    answer = somebody.post("/sign-in", {"name": "nobody", "password": "wrong"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_the_session_cookie_is_hardened_and_signing_out_ends_it(staff):
    cookie = staff.client.get_cookie("yibiao")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    staff.get("/")
    assert staff.post("/sign-out").status_code == 302
    assert staff.get("/").status_code == 302


def test_a_new_password_ends_every_other_session(visitor):
    here, there = visitor("chenwei"), visitor("chenwei")
    data = {"present": PASSWORD, "new": "another-word-22", "again": "another-word-22"}
    here.get("/account/")
    assert here.post("/account/password", data).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_the_language_is_remembered_with_the_user(visitor):
    somebody = visitor("chenwei")
    somebody.get("/")
    somebody.post("/language", {"language": "zh-CN", "next": "/"})
    assert '<html lang="zh-CN">' in somebody.get("/").text
    assert '<html lang="zh-CN">' in visitor("chenwei").get("/").text


def test_a_browser_that_speaks_chinese_is_greeted_in_chinese(visitor):
    answer = visitor().get("/sign-in", headers={"Accept-Language": "zh-Hans-CN,zh;q=0.9,en;q=0.5"})
    assert "登录" in answer.text

"""A department as somebody would ship it: one form that adds a question to a form of another department."""

FORM = """{
  "$schema": "https://yibiao.example/defs/schemas/form.json",
  "extends": "../disabled-persons/residents-monthly.json",
  "title": "Parks without steps, monthly",
  "number": "PRK-01",
  "department": "parks",
  "properties": {
    "gates": {
      "type": "integer",
      "title": "Gates without a step",
      "minimum": 0,
      "translations": {"zh-CN": {"title": "无台阶出入口"}}
    }
  },
  "place": [{"item": {"id": "gates", "kind": "cell", "at": "/gates"}, "before": "by-grade"}],
  "translations": {"zh-CN": {"title": "无障碍公园月报"}}
}
"""
DEPARTMENT = """{
  "$schema": "https://yibiao.example/defs/schemas/department.json",
  "title": "Parks",
  "translations": {"zh-CN": {"title": "园林局"}}
}
"""
FILES = {
    "__init__.py": "",
    "plugin.py": '"""Parks: definitions only."""\n',
    "form_defs/forms/parks/barrier-free-monthly.json": FORM,
    "form_defs/forms/parks/department.json": DEPARTMENT,
}
SHOWN = """
from runtime.app import create_app
from runtime.cli.context import this_site
from runtime.storage.engine import reading
from runtime.storage.tables import Entry, User
from sqlalchemy import select

site = this_site()
app = create_app(site=site)
with reading(site.engine) as session:
    entry = session.scalar(select(Entry).where(Entry.address.contains("/parks/")))
    user = session.scalar(select(User).where(User.name == "chenwei"))
browser = app.test_client()
with browser.session_transaction() as cookie:
    cookie["user"] = [user.id, user.session_key]
page = browser.get("/entries/" + entry.id, follow_redirects=True)
print(page.status_code, "Parks without steps" in page.text, "Gates without a step" in page.text)
"""
"""Opens the entry as the staff member who may fill it, and prints what came of it."""

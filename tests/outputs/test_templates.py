"""Print templates: a department overrides a block; what is broken is named, and never stops a report."""

import logging
import time
from datetime import UTC, datetime

import pytest

from runtime.errors import PluginError
from runtime.language import gettext as _
from runtime.language import using
from runtime.outputs.document import Heading, document
from runtime.outputs.html import HtmlOutput
from runtime.outputs.templates import PrintTemplates, css_text, imprint
from tests.outputs import forms

NIGHT = datetime(2026, 11, 2, 17, 5, tzinfo=UTC)
PAGE = '{% extends "base.html" %}{% block title %}'


def made(template="", **heading):
    return document(
        forms.plan(forms.cell("a", forms.words("A"), {"type": "string"}), outputs={"pdf": {"template": template}}),
        {"a": "<i>text</i>"},
        language="en",
        heading=Heading(**{"unit": "Lakeside"} | heading),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inner").mkdir()
    files = {
        "title.html": PAGE + "<h1>★ {{ heading.title }}</h1><p>{{ _('No.') }}</p>{% endblock %}",
        "inner/own.html": '{% extends "dept/title.html" %}{% block signatures %}{% endblock %}',
        "unknown.html": PAGE + "{{ nothing_of_the_kind }}{% endblock %}",
        "syntax.html": PAGE + "\n{% for %}{% endblock %}",
        "lost.html": '{% extends "gone.html" %}',
        "reach.html": PAGE + "{{ document.__class__.__mro__ }}{% endblock %}",
        "raise.html": PAGE + "{{ 1 / 0 }}{% endblock %}",
        "escape.html": PAGE + "{{ document.blocks[0].lines[0].value.text }}{% endblock %}",
        "style.html": '{% extends "base.html" %}{% block page_style %}h1{color:#900}{% endblock %}',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def templates(folder):
    return PrintTemplates({"dept": folder})


def test_one_block_is_overridden(templates):
    page = templates.render(made("dept/title.html"))
    assert "★ Sample, monthly" in page
    assert "Unit: Lakeside" in page
    assert "Head of unit" in page


def test_a_department_may_build_on_its_own(templates):
    page = templates.render(made("dept/inner/own.html"))
    assert "★" in page
    assert "Head of unit" not in page


def test_style_of_its_own(templates):
    assert "h1{color:#900}" in templates.render(made("dept/style.html"))


def test_what_stands_in_an_entry_is_escaped_in_a_departments_template_too(templates):
    assert "<i>text" not in templates.render(made("dept/escape.html"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dept/unknown.html", "'nothing_of_the_kind' is undefined"),
        ("dept/syntax.html", "dept/syntax.html:2"),
        ("dept/lost.html", "gone.html is not there"),
        ("dept/missing.html", "dept/missing.html is not there"),
        ("dept/../title.html", "is not there"),
        ("other/title.html", "other/title.html is not there"),
        ("dept/reach.html", "unsafe"),
        ("dept/raise.html", "division by zero"),
    ],
)
def test_a_template_that_does_not_work(templates, caplog, name, said):
    doc = made(name)
    with pytest.raises(PluginError, match=r"Print template .*") as raised:
        templates.render_as(doc, name)
    assert said in str(raised.value)
    assert name in str(raised.value)
    with caplog.at_level(logging.WARNING, "yibiao.outputs"):
        assert templates.render(doc) == PrintTemplates().render(made())
    assert said in caplog.text
    (problem,) = templates.problems(doc)
    assert (problem.code, problem.pointer) == ("template", "/outputs/pdf/template")


def test_a_template_that_works_has_no_problems(templates):
    assert list(templates.problems(made("dept/title.html"))) == []
    assert list(templates.problems(made())) == []


def test_templates_read_from_a_zip_archive(folder, tmp_path):
    import zipfile

    place = tmp_path / "plugin.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.write(folder / "title.html", "templates/title.html")
    with zipfile.ZipFile(place) as archive:
        inside = zipfile.Path(archive) / "templates"
        assert "★" in PrintTemplates({"dept": inside}).render(made("dept/title.html"))


def test_the_page_stands_alone_and_has_no_style_attributes_and_no_scripts():
    page = HtmlOutput().write(made()).decode()
    assert page.startswith("<!DOCTYPE html>")
    assert 'lang="en"' in page
    assert " style=" not in page
    assert "<script" not in page
    assert "<link" not in page
    assert "&lt;i&gt;text" in page


def test_words_of_a_heading_do_not_break_out_of_the_style_sheet():
    page = (
        HtmlOutput()
        .write(made(period='"; } </style><script>alert(1)</script>', unit='x"\\\n'))
        .decode()
    )
    assert "<script>" not in page
    assert page.count("</style>") == 1


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('a"b', "a\\22 b"),
        ("</style>", "\\3c /style\\3e "),
        ("\\", "\\5c "),
        ("年", "年"),
        ("a\nb", "a\\a b"),
    ],
)
def test_css_strings(text, escaped):
    assert css_text(text) == escaped


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("UTC", "en", "version 2 · printed 2026-11-02 17:05"),
        ("Asia/Shanghai", "en", "version 2 · printed 2026-11-03 01:05"),
        ("Asia/Shanghai", "zh-CN", "第 2 版 · 打印时间 2026-11-03 01:05"),
    ],
)
def test_the_imprint_says_version_and_time_once_as_the_site_reads_them(
    monkeypatch, zone, language, expected
):
    """`Heading.version` is as it is to be read; the time is that of the machine which serves the site."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with using(language):
            version = _("version %(n)s", n=2)
            made = document(
                forms.plan(),
                {},
                language=language,
                heading=Heading(version=version, printed_on=NIGHT),
            )
            assert imprint(made).partition(" · " + made.digest[:12])[0] == expected
            page = HtmlOutput(PrintTemplates()).write(made).decode()
            assert page.count(version) == 2, "in the description, and in the imprint"
    finally:
        monkeypatch.undo()
        time.tzset()

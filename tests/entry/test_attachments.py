import pytest

from runtime.entry import attachments, life
from runtime.entry.decode import Decoded
from runtime.entry.file_types import PDF, TEXT
from runtime.entry.submit import submit
from runtime.errors import EntryError, NotAllowed, NotFound
from runtime.storage.engine import reading
from tests.entry.town import actions, opened, post, stored

CONTENT = b"%PDF-1.7 invented"


@pytest.fixture
def file(engine, report, people):
    with opened(engine, report) as (session, entry):
        return attachments.add(session, entry, "../my report.PDF", CONTENT, people["chen"])


def add(engine, report, name, content, **options):
    with opened(engine, report) as (session, entry):
        return attachments.add(session, entry, name, content, None, **options)


def test_a_file_is_kept_and_given_out_to_whoever_may(engine, report, file, people):
    seen = []
    with reading(engine) as session:
        assert [one.id for one in attachments.listed(session, life.load(session, report))] == [
            file.id
        ]
        found = attachments.fetch(session, file.id, lambda entry: seen.append(entry.id))
        assert (found.content, found.media_type, found.name) == (CONTENT, PDF, "my report.pdf")
    assert seen == [report]
    assert actions(engine, report)[-1] == "attachment.add"
    assert attachments.value_of(file) == {
        "id": file.id,
        "name": "my report.pdf",
        "mediaType": PDF,
        "size": len(CONTENT),
        "digest": file.digest,
    }


def test_nobody_else_gets_it(engine, file):
    def refuse(_entry):
        raise NotAllowed("no")

    with reading(engine) as session:
        with pytest.raises(NotAllowed):
            attachments.fetch(session, file.id, refuse)
        with pytest.raises(NotFound):
            attachments.fetch(session, "nothing", refuse)


def test_the_same_file_again_is_the_one_that_is_there(engine, report, file):
    assert add(engine, report, "my report.pdf", CONTENT).id == file.id
    assert add(engine, report, "other.pdf", CONTENT).id != file.id


@pytest.mark.databases("sqlite")
def test_what_is_wrong_with_a_file_is_said(engine, report, people, monkeypatch):
    with pytest.raises(EntryError, match="is empty"):
        add(engine, report, "a.txt", b"")
    with pytest.raises(EntryError, match="too large: 2 MB, and 1 MB are the most"):
        add(engine, report, "a.txt", b"x" * 2 * 1024 * 1024, largest=1024 * 1024)
    with pytest.raises(EntryError, match="not taken"):
        add(engine, report, "a.pdf", b"MZ\x90\x00")
    monkeypatch.setattr(attachments, "MOST", 1)
    add(engine, report, "a.txt", b"a")
    with pytest.raises(EntryError, match="at most 1 files"):
        add(engine, report, "b.txt", b"b")


@pytest.mark.databases("sqlite")
def test_a_submitted_entry_takes_no_more_files(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "1", "/many": "1"})
    with opened(engine, report) as (session, entry):
        submit(session, entry, people["chen"])
    with pytest.raises(EntryError, match="has been submitted"):
        add(engine, report, "a.txt", b"a")


@pytest.mark.databases("sqlite")
def test_an_entry_names_only_files_of_its_own(engine, report, file, people):
    def save(value):
        with opened(engine, report) as (session, entry):
            decoded = Decoded({**entry.data, "remarks": value}, {}, [])
            life.save(session, entry, decoded, entry.revision, people["chen"])

    mine = attachments.value_of(file)
    save(mine)
    assert stored(engine, report).data["remarks"] == mine
    for forged in ({**mine, "id": "other"}, {**mine, "name": "<b>.pdf"}, {**mine, "size": 1}):
        with pytest.raises(EntryError, match="did not arrive"):
            save(forged)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("a.pdf", PDF, "a.pdf"),
        ("C:\\Users\\me\\a.pdf", PDF, "a.pdf"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("evil.exe", PDF, "evil.exe.pdf"),
        ("名单 十月.PDF", PDF, "名单 十月.pdf"),
        ("a\u202efdp.exe", PDF, "afdp.exe.pdf"),
        ('a<b>:"c|?*\n.txt', TEXT, "a_b___c___.txt"),
        (" ..hidden. ", TEXT, "hidden.txt"),
        ("", TEXT, "file.txt"),
        ("...", TEXT, "file.txt"),
        ("data.csv", TEXT, "data.csv"),
        ("x" * 300 + ".pdf", PDF, "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, kind, expected):
    assert attachments.safe_name(name, kind) == expected

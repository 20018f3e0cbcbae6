"""The whole set."""

from tests.builder.excel.sheets.describe import Described
from tests.builder.excel.sheets.rough import ROUGH
from tests.builder.excel.sheets.seen import SEEN
from tests.builder.excel.sheets.unseen import UNSEEN

ALL: tuple[Described, ...] = (*SEEN, *UNSEEN, *ROUGH)

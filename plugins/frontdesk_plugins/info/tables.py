"""Which version of a business's entries is indexed.

The index itself is `info_search`, in each database's own way of full text search: see `migrations/`.
"""

from piccolo.columns import Text
from piccolo.table import Table


class InfoIndex(Table, tablename="info_index"):
    business = Text(primary_key=True)
    version = Text(default="")


TABLES = (InfoIndex,)

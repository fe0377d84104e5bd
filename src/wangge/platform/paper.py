"""Paper with the product's fonts: Noto Sans SC, which the build of the front end brings along (decision 16)."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from wangge.engines.paper import Face, Paper
from wangge.platform.errors import Unavailable

_FONTS = Path("static/build/fonts")
# Rare characters of names that the product's font lacks; (file, number of its simplified Chinese).
_SPARES = (
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc"), 2),
)


def new_paper(title: str) -> Paper:
    """A file without pages yet. Raises Unavailable when the fonts are not built."""
    folder = settings.PACKAGE / _FONTS
    regular, bold = folder / "regular.woff", folder / "bold.woff"
    if not (regular.exists() and bold.exists()):
        raise Unavailable(_("打印用的字体没有安装。请管理员重新构建前端（dev.py build）后再试。"))
    spare = next((found for found in _SPARES if found[0].exists()), None)
    return Paper(Face(regular, bold, spare), title)

"""Product decisions that no option turns on: (short, in full)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEVER: tuple[tuple[str | Promise, str | Promise], ...] = (
    (
        _("不给人建“重点”名单"),
        _(
            "没有刑满释放、信访、信教、患病、吸毒等“重点人员”名单；不记录宗教、政治面貌、犯罪记录、社会关系和计划生育。"
        ),
    ),
    (_("不给居民打分、排名、画像"), _("也不会由系统自动拒绝给谁办事。")),
    (
        _("不跟踪任何人"),
        _("没有居民位置，没有工作人员的连续轨迹；不接摄像头，不用人脸识别。地图上标的是事情，不是人。"),
    ),
    (_("不设线人，不奖励打听别人的事"), _("上报的是地方和事情，不是邻居。")),
    (
        _("不下指标"),
        _("考核不看上报数量、登录次数、在线时长和照片张数，只看事情有没有真正解决。"),
    ),
)

"""The pages of hand-over lists."""

from casework import Road, condition
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.platform import clock

COMMUNITY = {"level": "community", "proof": "statement", "unit": "work_day", "procedure": "ordinary"}


def test_a_list_goes_from_the_giver_to_the_successor_and_back_and_stays_in_the_history(
    town: Town, people: dict[str, Actor]
) -> None:
    road = Road(town, people).filed(condition(**COMMUNITY))
    giver, successor = town.client("station_officer"), town.client("station_officer_2")
    page = giver.get("/desk/handovers/new")
    assert road.case.number in page.content.decode()
    form = {
        "key": page.context["form"]["key"].value(),
        "receiver": people["station_officer_2"].user_id,
        "reason": "leave",
        "from_day": clock.today().isoformat(),
        "note": "钥匙在值班室",
        f"line case {road.case.pk}": "物业已约",
    }
    refused = giver.post("/desk/handovers/new", form | {"receiver": ""})
    assert refused.status_code == 422
    assert "物业已约" in refused.content.decode()
    answer = giver.post("/desk/handovers/new", form)
    assert giver.post("/desk/handovers/new", form)["Location"] == answer["Location"]
    assert "的交接单等您接收" in successor.get("/desk/").content.decode()
    assert "有交接单等您接收" in successor.get("/desk/notices").content.decode()
    shown = successor.get(answer["Location"]).content.decode()
    for words in ("钥匙在值班室", "物业已约", road.case.number, "接收"):
        assert words in shown
    assert successor.post(answer["Location"], {"accept": "0", "note": ""}).status_code == 422
    successor.post(answer["Location"], {"accept": "0", "note": "哪把钥匙"})
    back = giver.get("/desk/").content.decode()
    assert "退回了您的交接单" in back
    assert "哪把钥匙" in giver.get(answer["Location"]).content.decode()
    assert "待接收" not in giver.get("/desk/handovers").content.decode()
    assert town.client("unit_officer").get(answer["Location"]).status_code == 404


def test_who_has_no_post_to_hand_over_is_told_so(town: Town) -> None:
    assert "没有可以交接的岗位" in town.client("administrator").get("/desk/handovers/new").content.decode()
